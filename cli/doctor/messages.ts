import { count } from "../messages";

/** What a check found that needs attention. */
export interface Problem {
  /** Short and stable; `docs/troubleshooting.md` explains it under this name. */
  code: string;
  text: string;
  fix?: string;
}

/** @param isMisspelt - whether the only problem is a key that is not a setting */
export const wrongSettings = (parts: readonly string[], isMisspelt: boolean): Problem => ({
  code: isMisspelt ? "unknown-setting" : "invalid-setting",
  text: parts.join("; "),
});

export const doubtfulSettings = (parts: readonly string[], fix: string | undefined): Problem => ({
  code: "doubtful-settings",
  text: parts.join("; "),
  ...(fix !== undefined && { fix }),
});

export const configurationNotRead = (reason: string) =>
  `no stack's configuration was read (${reason})`;

export const settingFrom = (name: string, value: string, source: string) =>
  `${name} ${value} (${source})`;

export const hiddenValue = "is set";

export const plainSecret = (command: string) =>
  `the secret is in plain text in the stack's file: ${command}`;

export const noEndpoint = "no valid endpoint is set";
export const noConnection = "there is no connection";
export const incompleteSettings = "the settings are incomplete";
export const usersNotListed = "users cannot be listed";

export const reached = (endpoint: string, status: number) =>
  `${endpoint} answers ${status} to a request without a signature`;

export const throughProxy = (address: string, variable: string) =>
  `, through the proxy ${address} of ${variable}`;

export const acceptsConnections = (endpoint: string) => `${endpoint} accepts connections`;

export const checkEndpoint = (command: string) =>
  `check the endpoint, the network and the firewall: ${command}`;

export const reportError = "this is an error in pulumi-ostor: please report it";

export const noTls = (text: string, command: string): Problem => ({
  code: "no-tls",
  text,
  fix: `check scheme and port: ${command}`,
});

export const setAuthorities = (command: string) =>
  `set a file with the certificates of the authorities: ${command}`;

export const localWithoutTls =
  "the connection is not encrypted, and need not be: the endpoint is this machine";

/** @param by - the setting that contains the authority, if it is not one that Node.js knows */
export function trusted(by: string | undefined, day?: string): string {
  const until = day === undefined ? "" : `, until ${day}`;
  return `the certificate is trusted${by === undefined ? "" : `, by ${by}`}${until}`;
}

export const expiresSoon = (text: string, command: string): Problem => ({
  code: "certificate-expires",
  text,
  fix: `renew it; if another authority signs the new certificate: ${command}`,
});

export const renewCertificate = "renew the certificate, if this machine's clock is right";
export const setClockIfBehind = "set this machine's clock, if it is behind";

export const useCertificateName = (command: string) =>
  `use a host name of the certificate: ${command}`;

export const trustAuthority = (command: string) =>
  `trust the authority that signed the certificate: ${command}`;

export const sendChain = (trust: string) =>
  `have the server send its whole certificate chain, or ${trust}`;

/** @param issuer - the name of the certificate that is missing, if it is known */
export function missingIntermediate(issuer: string | undefined, holder: string, command: string) {
  const name = issuer === undefined ? "" : `${issuer}, `;
  return `the server does not send the intermediate certificate (${name}which signed its own), and ${holder} does not contain it: have the server send its whole certificate chain, or add the intermediate certificate to ${holder}: ${command}`;
}

export const clockUnknown = (): Problem => ({
  code: "clock-unknown",
  text: "the answer contains no date, so the difference is not known",
});

export const sameClock = "it differs from the service's by less than a minute";

export const setClock = "set this machine's clock";

/** @param isRepeated - whether the service refuses a request signed by this clock, and the provider repeats it */
export function clockDiffers(span: string, isAhead: boolean, isRepeated: boolean): Problem {
  const difference = `this machine's clock is ${span} ${isAhead ? "ahead of" : "behind"} the service's`;
  const repeated =
    ": the service refuses the first request of each run, and the provider repeats it with the service's time";
  return {
    code: "clock-skew",
    text: isRepeated ? `${difference}${repeated}` : difference,
    fix: setClock,
  };
}

export const span = (minutes: number) =>
  minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
export const bothVersionsWork = "V4 and V2 both work";

export const oneVersionWorks = (version: string, other: string, reason: string) =>
  `${version} works, ${other} does not (${reason})`;

export const wrongVersion = (text: string, command: string): Problem => ({
  code: "wrong-signature-version",
  text,
  fix: `select the version automatically: ${command}`,
});

export const noVersionWorks = (reason: string) => `neither V4 nor V2 works: ${reason}`;

export const noBucketList = "it is no list of buckets";

export const keyNotChecked = "the service did not check the key";

export const notSystemUser = (commands: string): Problem => ({
  code: "not-system-user",
  text: "the key belongs to an S3 user that is not a system user",
  fix: `create a system user with ostor-s3-admin create-user -S on a storage node, then set its key: ${commands}`,
});

export const keyRejected = (commands: string): Problem => ({
  code: "credentials-rejected",
  text: "S3 rejects the key too: it is wrong, revoked, or belongs to a disabled user",
  fix: `check the key: ${commands}`,
});

export const systemUser = (emailAddress: string) =>
  `the key belongs to system user ${emailAddress}`;

export const unnamedSystemUser =
  "the key belongs to a system user, because it may list all users; the list does not show which one";
export const checkCredentials = (commands: string) => `check the credentials: ${commands}`;
export const tryAgain = "no complete answer came: try again";
export const setRedirectTarget = (command: string) => `if that is the cluster: ${command}`;
export const tooManyRequests = "too many requests: try again later";
export const serviceProblem = "the service has a problem: try again later";

export const checkAnsweringEndpoint = (command: string) => `check the endpoint: ${command}`;

export const checkService =
  "check that the endpoint is the S3 gateway, and that its release has this operation";

/** @param fields - what the list contains for each user, as `fieldList` returns it */
export function userList(isArray: boolean, users: number, fields: string): string {
  const list = `a JSON ${isArray ? "list" : "object with a list"} of ${count(users, "user")}`;
  return users === 0 ? list : `${list}; it contains ${fields}`;
}

/** The fields of a user in an answer, and those that are missing. */
export function fieldList(present: readonly string[], missing: readonly string[]): string {
  const without = missing.length === 0 ? "" : `, and no ${missing.join(", ")}`;
  return `${present.join(", ") || "ids"}${without}`;
}

export const emptyList = "the list contains no user";

export const readableById = (fields: string) =>
  `a user can be read by id; the answer contains ${fields}`;

export const withoutSecrets = (text: string): Problem => ({
  code: "secrets-not-returned",
  text,
  fix: "an adopted key has no secret: rotate it",
});

export const bucketsListed = (buckets: number) => `${count(buckets, "bucket")} can be listed`;

export const dialectOf = (verb: string, looksOld: boolean) =>
  `keys are changed by ${verb}; the answers are ${looksOld ? "like" : "not like"} those of releases 2.x, which take PUT`;

export const otherDialect = (text: string, looksOld: boolean, command: string): Problem => ({
  code: "other-dialect",
  text,
  fix: `if the service is ${looksOld ? "a" : "not a"} release 2.x: ${command}`,
});
