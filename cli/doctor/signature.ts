import { decode } from "../../provider/api/decode";
import { ApiError, isRejected } from "../../provider/api/errors";
import { apiUsers, type ApiUser } from "../../provider/api/schemas";
import { createSend, type Send } from "../../provider/api/send";
import { createTransport, listBytes, type RawAnswer } from "../../provider/api/transport";
import type { Settings } from "../../provider/settings/settings";
import type { Finding } from "./finding";
import { hintOf, isAboutClocks } from "./hint";
import { mendOf, type Sources } from "./sources";

type Version = "v4" | "v2";

/** A list of users that the service gave. */
export interface Listed {
  /** The signature version that it took. */
  version: Version;
  answer: RawAnswer;
  users: ApiUser[];
}

/** What the signature versions came to. */
export interface Tried {
  finding: Finding;
  /** The list, and how to ask on, when one of them works. */
  listed: Listed | undefined;
  /** What is told of none that works. */
  error: unknown;
  /** Whether S3 takes the key of one who may not list users. */
  isOfS3User: boolean;
}

/** Asks with connections of its own, signed by one version. Nothing is repeated more than once. */
export async function withSend<T>(
  settings: Settings,
  signatureVersion: Settings["signatureVersion"],
  work: (send: Send) => Promise<T>,
): Promise<T> {
  const transport = createTransport(settings);
  try {
    return await work(createSend({ ...settings, signatureVersion, maxRetries: 1 }, transport));
  } finally {
    await transport.close();
  }
}

const read = { method: "GET", repeatable: true } as const;

/** Lists users once with each version. Where that is refused, S3 tells whether it is for the signature. */
export async function checkSignature(settings: Settings, sources: Sources): Promise<Tried> {
  const tried = await attemptEach(settings, listUsers);
  const one = tried.find(({ answer }) => answer);
  const listed = one?.answer && { ...one.answer, version: one.version };
  const [v4, v2] = tried.map((each) => each.error);
  // What names the fault of the pair helps more than what a version that isn't accepted is told.
  const error = isTelling(v2) || !isTelling(v4) ? v2 : v4;
  if (listed) {
    return { finding: judged(tried, settings, sources), listed, error, isOfS3User: false };
  }
  const isOfPair = isRejected(error) && !isAboutClocks(error);
  const byS3 = isOfPair ? await attemptEach(settings, listOwnBuckets) : [];
  const isOfS3User = byS3.some(({ answer }) => answer);
  const finding: Finding = isOfS3User
    ? judged(byS3, settings, sources)
    : { check: "signature", ...refused(error, settings, sources) };
  return { finding, listed, error, isOfS3User };
}

/** What is told where one of the versions works. */
function judged(tried: Attempted<unknown>[], settings: Settings, sources: Sources): Finding {
  const check = "signature" as const;
  const one = tried.find(({ answer }) => answer);
  const other = tried.find(({ answer }) => !answer);
  if (!one || !other) return { check, verdict: "ok", told: "V4 and V2 both work" };
  const told = `${name(one.version)} works, ${name(other.version)} doesn't (${messageOf(other.error)})`;
  if (settings.signatureVersion !== other.version) return { check, verdict: "ok", told };
  const mend = `let it be found out: ${mendOf(sources, "signatureVersion", "auto")}`;
  return { check, verdict: "failed", told, mend };
}

interface Attempted<T> {
  version: Version;
  answer?: T;
  error?: unknown;
}

async function attemptEach<T>(
  settings: Settings,
  ask: (send: Send) => Promise<T>,
): Promise<Attempted<T>[]> {
  const tried: Attempted<T>[] = [];
  for (const version of ["v4", "v2"] as const) {
    try {
      tried.push({ version, answer: await withSend(settings, version, ask) });
    } catch (error) {
      tried.push({ version, error });
    }
  }
  return tried;
}

function listUsers(send: Send): Promise<Omit<Listed, "version">> {
  const resource = "/?ostor-users";
  const call = { ...read, attempt: "list users", path: resource, resource, maxBytes: listBytes };
  return send(call, (answer) => ({ answer, users: decode("list users", answer, apiUsers) }));
}

/** Every user's right. A page that some web server has at its root is no such list. */
async function listOwnBuckets(send: Send): Promise<RawAnswer> {
  const attempt = "list own buckets";
  const answer = await send({ ...read, attempt, path: "/", resource: "/", maxBytes: listBytes });
  if (!answer.body.includes("<ListAllMyBucketsResult"))
    throw new Error(`${attempt}: it is not a list`);
  return answer;
}

function isTelling(error: unknown): boolean {
  return (
    error instanceof ApiError && /^(SignatureDoes|InvalidAccess|AccessDenied)/.test(error.code)
  );
}

function refused(
  error: unknown,
  settings: Settings,
  sources: Sources,
): Pick<Finding, "verdict" | "told" | "mend"> {
  const told = `neither V4 nor V2 works: ${messageOf(error)}`;
  return { verdict: "failed", told, mend: hintOf(error, settings, sources) };
}

function name(version: Version): string {
  return version.toUpperCase();
}

function messageOf(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/^list (users|own buckets): /, "")
    : String(error);
}

/** Tells whose key it is: a system user's may ask `ostor-users`, that of any other user S3 alone. */
export function checkSystemUser(
  settings: Settings,
  { listed, error, isOfS3User }: Tried,
  sources: Sources,
): Finding {
  const check = "system user" as const;
  if (listed) return { check, verdict: "ok", told: ownerOf(settings.accessKeyId, listed.users) };
  if (!isRejected(error) || isAboutClocks(error)) {
    return { check, verdict: "not tried", told: "the service didn't judge the key" };
  }
  const key = `${mendOf(sources, "accessKeyId")} and ${mendOf(sources, "secretAccessKey")}`;
  if (isOfS3User) {
    const told = "the key is that of an S3 user who isn't a system user";
    const mend = `ostor-s3-admin create-user -S on a storage node makes one; give its key: ${key}`;
    return { check, verdict: "failed", told, mend };
  }
  const told =
    "the service takes the key for S3 neither: it is wrong, revoked, or of a disabled user";
  return { check, verdict: "failed", told, mend: `check it: ${key}` };
}

/** A pair's id begins with its user's id. */
function ownerOf(accessKeyId: string, users: ApiUser[]): string {
  const owner = users.find(({ userId }) => accessKeyId.startsWith(userId));
  const isTold = owner?.flags.includes("system") === true;
  return isTold
    ? `the key is that of system user ${owner.emailAddress}`
    : "the key may list all users, which is a system user's right; the list doesn't tell whose it is";
}
