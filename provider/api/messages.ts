import { brief, oneLine } from "../text/plain";

/** A request got no answer. */
export const noAnswer = (attempt: string, endpoint: string, reason: string) =>
  `${brief(attempt)}: no answer from ${endpoint} (${reason})`;

export const internalError = (attempt: string, { name, message }: Error) =>
  `${brief(attempt)}: an error in pulumi-ostor, not in the network (${name}: ${oneLine(message)}); please report this line`;

/** What an answer that refuses a request contains, made safe for a message; empty where it contains nothing. */
interface Answered {
  status: number;
  code: string;
  message: string;
  requestId: string;
  retryAfterMs?: number | undefined;
}

/** The service refused a request. */
export function refused(attempt: string, answered: Answered): string {
  const { status, code, message, requestId, retryAfterMs = 0 } = answered;
  const reason = [code && ` ${code}`, message && `: ${message}`].join("");
  const wait = retryAfterMs < 1000 ? "" : `, asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return `${brief(attempt)}: the service answered ${status}${reason}${request(requestId)}${wait}`;
}

export const foreignAnswer = (attempt: string, problem: string, requestId: string) =>
  `${brief(attempt)}: the answer is not one of an ostor service: ${problem}${request(requestId)}; is the endpoint its S3 gateway?`;

const request = (requestId: string) => (requestId === "" ? "" : ` (request id ${requestId})`);

/** What is wrong with the content of an answer. */
export const problems = {
  empty: () => "it is empty",
  noJson: (contentType: string) => `it is not JSON (${typeText(contentType)})`,
  webPage: (contentType: string) => `it is not JSON (${typeText(contentType)}) but a web page`,
  noList: () => "it is not a list",
  otherUser: (emailAddress: string) => `it is about another user, ${oneLine(emailAddress)}`,
  wrongShape: (path: string, problem: string) =>
    `${path === "" ? "the body" : path}: ${problem === "" ? "unexpected" : problem}`,
  tooManyParts: (limit: number) => `it has more than ${limit} parts`,
  tooLarge: (maxBytes: number) => `it is larger than ${maxBytes / 1024 / 1024} MiB`,
  manyEncodings: (count: number) => `it has ${count} content encodings`,
  unknownEncoding: (name: string) => `its content-encoding ${oneLine(name)} is not supported`,
  wrongEncoding: (name: string) => `it cannot be decoded by its content-encoding ${name}`,
  unknownCharset: (name: string) => `its charset ${oneLine(name)} is not supported`,
};

const typeText = (contentType: string) => oneLine(contentType || "no content type");

/** The body of a refusal cannot be read. */
export const unreadableBody = (problem: string) => `of its body: ${problem}`;

/** Where a redirect points. Names no path and no query, which may contain a token. */
export const redirects = {
  nowhere: () => "it redirects to a location that is not a web address; nothing was sent there",
  sameOrigin: () =>
    "it redirects to another of its paths, which is not followed; is the endpoint an S3 gateway?",
  elsewhere: (origin: string) => `it redirects to ${origin}, where nothing was sent`,
};

/** Added to the failure that is reported when both signature versions failed. */
export const otherVersionFailed = (version: string, failure: string) =>
  `; signed with ${version}: ${failure} (signatureVersion auto)`;

export const foreignAnswerInBrief = () => "an answer that is not one of an ostor service";

export const timeUp = (limit: "timeout" | "deadline", limitMs: number) =>
  `${limit}: no complete answer within ${limitMs / 1000} s`;

export const proxyFailed = (variable: string, address: string | undefined, reason: string) =>
  `the proxy ${address === undefined ? "" : `${address} `}of ${variable}: ${reason}`;

/** Added to the endpoint of a failed request that went through a proxy. */
export const throughProxy = (variable: string) => ` through the proxy of ${variable}`;

/** Why a proxy failed. */
export const proxyReasons = {
  unsupported: (scheme: string) =>
    `${scheme}// is not supported; use http://, https:// or socks5://`,
  noAddress: () =>
    "the variable is not the address of a proxy, such as http://proxy.example.com:3128",
  noAnswer: (timeoutMs: number) => `no answer to CONNECT within ${timeoutMs / 1000} s`,
  refused: (status: number, target: string) => `it answered ${status} to CONNECT ${target}`,
};
