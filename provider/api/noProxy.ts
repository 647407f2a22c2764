import { BlockList, isIP } from "node:net";

/**
 * Whether `NO_PROXY` excludes an endpoint. Accepts what curl and Go accept, separated by commas or spaces: `*`, host names
 * (which include their subdomains, with or without a leading dot), IP addresses, CIDR ranges, each with or without a port.
 */
export function isExcluded(endpoint: URL, noProxy: string): boolean {
  const host = bare(endpoint.hostname);
  const port = endpoint.port === "" ? defaultPorts[endpoint.protocol] : endpoint.port;
  return noProxy.split(/[\s,]+/).some((text) => {
    const entry = parseEntry(text.toLowerCase());
    if (entry.host === "" || (entry.port !== undefined && entry.port !== port)) return false;
    return entry.host === "*" || matches(host, entry.host);
  });
}

const defaultPorts: Partial<Record<string, string>> = { "http:": "80", "https:": "443" };

function parseEntry(text: string): { host: string; port: string | undefined } {
  // An IPv6 address has a port only behind brackets.
  if (isIP(text) === 6 || text.includes("/")) return { host: text, port: undefined };
  const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { host: bare(host).replace(/^\*?\.(?=.)/, ""), port };
}

function matches(host: string, entry: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === entry || host.endsWith(`.${entry}`);
  const [network = "", prefix] = entry.split("/");
  const address = bare(network);
  if (isIP(address) !== family) return false;
  const length = prefix === undefined ? longest[family] : Number(prefix);
  if (prefix === "" || length === undefined || !(length >= 0 && length <= (longest[family] ?? 0)))
    return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(address, length, type);
  return range.check(host, type);
}

const longest: Partial<Record<number, number>> = { 4: 32, 6: 128 };

/** A host without the brackets of an IPv6 address and without a trailing dot. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}
