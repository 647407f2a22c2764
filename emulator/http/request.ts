import { ServiceError } from "../errors";
import { type HostMeaning, hostMeaning } from "./hosts";

/** A decoded query parameter. A flag such as `&disable` has an empty value. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** A request as the checks and handlers receive it. */
export interface ServiceRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Whether the host names the emulator or a bucket. */
  readonly host: HostMeaning;
  /** The path before decoding. */
  readonly rawPath: string;
  /** In the order of the query. */
  readonly parameters: readonly Parameter[];
  /** With lower-case names. Repeated headers are joined with commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The head of a request from `node:http`. */
export interface IncomingHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/**
 * Parses a request.
 *
 * @param plusIsSpace - whether a bare `+` in the query of a management call is a space, as in S3 calls
 * @param hostNames - names of the emulator, see `hostMeaning`
 * @throws ServiceError InvalidURI for an invalid target or escape
 */
export function parseRequest(
  head: IncomingHead,
  body: Buffer,
  plusIsSpace: boolean,
  hostNames: readonly string[] = ["localhost"],
): ServiceRequest {
  const { authority, target } = originForm(head.url ?? "");
  const headers = joinHeaders(head.rawHeaders);
  const [rawPath = "", ...rest] = target.split("?");
  return {
    method: head.method ?? "GET",
    target,
    host: hostMeaning(authority ?? headers.get("host"), hostNames),
    rawPath,
    parameters: parseQuery(rest.join("?"), plusIsSpace),
    headers,
    body,
  };
}

/** The value of the first parameter of this name. */
export function parameter(request: ServiceRequest, name: string): string | undefined {
  return request.parameters.find((each) => each.name === name)?.value;
}

/** Whether a flag or parameter was sent. */
export function hasParameter(request: ServiceRequest, name: string): boolean {
  return request.parameters.some((each) => each.name === name);
}

/** @throws ServiceError InvalidURI for an invalid escape or bytes that are not UTF-8 */
export function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError("InvalidURI", "The address contains an escape that is not UTF-8");
  }
}

/** Proxies send the whole address, possibly without a path. Its host overrides the header. */
function originForm(url: string): { authority: string | undefined; target: string } {
  const [whole = "", authority] = /^https?:\/\/([^/?]*)/i.exec(url) ?? [];
  const target = url.slice(whole.length);
  if (target.startsWith("?") || target === "") return { authority, target: `/${target}` };
  if (target.startsWith("/")) return { authority, target };
  throw new ServiceError("InvalidURI", "The address does not start with a slash");
}

function parseQuery(query: string, plusIsSpace: boolean): Parameter[] {
  const tokens = query.split("&").filter((token) => token !== "");
  const isSpace = plusIsSpace || !tokens.some((token) => token.startsWith("ostor-"));
  const decode = (text: string) => decodeEscapes(isSpace ? text.replaceAll("+", " ") : text);
  return tokens.map((token) => {
    const [name = "", ...value] = token.split("=");
    return { name: decode(name), value: decode(value.join("=")) };
  });
}

function joinHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}
