import { proxyFailed, proxyReasons } from "./messages";
import { isExcluded } from "./noProxy";

/** A proxy, and the variable that names it. */
export interface Proxy {
  variable: string;
  /** Scheme, host and port, without user and password: for messages. */
  address: string;
  protocol: ProxyProtocol;
  host: string;
  port: number;
  user: string;
  password: string;
}

/** The supported protocols of proxies, with their default ports. */
const defaultPorts = {
  "http:": 80,
  "https:": 443,
  "socks:": 1080,
  "socks4:": 1080,
  "socks4a:": 1080,
  "socks5:": 1080,
  "socks5h:": 1080,
};

/** The protocol between this process and a proxy. */
export type ProxyProtocol = keyof typeof defaultPorts;

/** Why a proxy failed, as far as the fix depends on it. */
export type ProxyFailure = "variable" | "credentials" | "refused" | "certificate" | "unreachable";

/** A proxy failed before a request was sent to the endpoint. The message contains no user and no password. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly variable: string;

  constructor(
    proxy: Pick<Proxy, "variable"> & Partial<Pick<Proxy, "address">>,
    readonly failure: ProxyFailure,
    reason: string,
  ) {
    const { variable, address } = proxy;
    super(proxyFailed(variable, address, reason));
    this.variable = variable;
  }
}

type Environment = Record<string, string | undefined>;

/**
 * The proxy that the environment names for an endpoint: the variable of the endpoint's scheme, else `ALL_PROXY`, unless
 * `NO_PROXY` excludes the endpoint. A name in lower case takes precedence, as in curl.
 *
 * @throws ProxyError if the variable that applies is not the address of a proxy; other variables are not used then
 */
export function findProxy(
  endpoint: string,
  environment: Environment = process.env,
): Proxy | undefined {
  const url = new URL(endpoint);
  const [, noProxy = ""] = firstOf(environment, "no_proxy") ?? [];
  const [variable, value] =
    firstOf(environment, `${url.protocol.slice(0, -1)}_proxy`) ??
    firstOf(environment, "all_proxy") ??
    [];
  if (variable === undefined || value === undefined || isExcluded(url, noProxy)) return undefined;
  return parseProxy(variable, value);
}

function firstOf(
  environment: Environment,
  lowerCase: string,
): [variable: string, value: string] | undefined {
  for (const name of [lowerCase, lowerCase.toUpperCase()]) {
    const value = environment[name]?.trim() ?? "";
    if (value !== "") return [name, value];
  }
  return undefined;
}

function parseProxy(variable: string, value: string): Proxy {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  // Messages quote only the scheme: the rest of a malformed value may be a password.
  const [scheme = ""] = text.split("//");
  const protocol = scheme.toLowerCase();
  if (!isSupported(protocol)) {
    throw new ProxyError({ variable }, "variable", proxyReasons.unsupported(scheme));
  }
  // The rules for URLs of other schemes are less strict.
  const url = `http://${text.slice(scheme.length + 2)}`;
  if (!URL.canParse(url)) {
    throw new ProxyError({ variable }, "variable", proxyReasons.noAddress());
  }
  const { hostname, username, password } = new URL(url);
  // A parsed http URL omits port 80, which is not the default port of the other protocols.
  const isPort80 = /^[^/?#]*:0*80(?:[/?#]|$)/.test(text.slice(scheme.length + 2));
  const port = Number(new URL(url).port || (isPort80 ? 80 : defaultPorts[protocol]));
  return {
    variable,
    address: `${protocol}//${hostname}:${port}`,
    protocol,
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    user: decoded(username),
    password: decoded(password),
  };
}

function isSupported(protocol: string): protocol is ProxyProtocol {
  return protocol in defaultPorts;
}

/** A password may contain a percent sign that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
