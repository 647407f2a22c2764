import { isIP } from "node:net";

/** The meaning of the `Host` of a request. */
export type HostMeaning =
  /** The emulator. The path names the bucket. */
  | { readonly kind: "own" }
  /** A bucket (virtual-host style). The path is the key. */
  | { readonly kind: "bucket"; readonly bucket: string }
  /** Unclear: the emulator or a bucket. */
  | { readonly kind: "unknown"; readonly name: string };

const own = { kind: "own" } as const;

/**
 * Reads a `Host` header. IP addresses, names without a dot and `hostNames` mean the emulator. A subdomain of
 * `hostNames` or of an IPv4 address names a bucket. HTTP 1.0 sends no host.
 *
 * @param hostNames - lower-case names of the emulator
 */
export function hostMeaning(header: string | undefined, hostNames: readonly string[]): HostMeaning {
  const name = hostName(header ?? "");
  if (name === undefined) return { kind: "unknown", name: header ?? "" };
  if (hostNames.includes(name) || !name.includes(".") || isIP(name) !== 0) return own;
  const bases = hostNames.filter((base) => name.endsWith(`.${base}`));
  const longest = bases.sort((a, b) => b.length - a.length)[0] ?? addressAtEnd(name);
  if (longest === undefined) return { kind: "unknown", name };
  const bucket = name.slice(0, -longest.length - 1);
  return bucket === "" ? { kind: "unknown", name } : { kind: "bucket", bucket };
}

/** The name in lower case, without port, brackets and final dot. */
function hostName(header: string): string | undefined {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(header.trim()) ?? [];
  return (address ?? name)?.toLowerCase().replace(/\.$/, "");
}

function addressAtEnd(name: string): string | undefined {
  const address = name.split(".").slice(-4).join(".");
  return isIP(address) === 4 ? address : undefined;
}
