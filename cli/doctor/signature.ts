import { decode } from "../../provider/api/decode";
import { ApiError, isRejected } from "../../provider/api/errors";
import { apiUsers, type ApiUser } from "../../provider/api/schemas";
import { createSend, type Send } from "../../provider/api/send";
import { createTransport, listBytes, type RawAnswer } from "../../provider/api/transport";
import type { Settings } from "../../provider/settings";
import type { Finding } from "./finding";
import { mendOf, type Sources } from "./sources";

type Version = "v4" | "v2";

/** A list of users that the service gave. */
export interface Listed {
  answer: RawAnswer;
  users: ApiUser[];
}

/** What each signature version came to. */
export interface Tried {
  finding: Finding;
  /** The list, and how to ask on, when one of them works. */
  listed: Listed | undefined;
  /** What is told of none that works. */
  error: unknown;
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

/** Lists users once with each version. */
export async function checkSignature(settings: Settings, sources: Sources): Promise<Tried> {
  const v4 = await attempt(settings, "v4");
  const v2 = await attempt(settings, "v2");
  const works = [v4, v2].filter(({ listed }) => listed);
  const wanted = settings.signatureVersion;
  const listed = works[0]?.listed;
  // What names the fault of the pair helps more than what a version that isn't accepted is told.
  const error = isTelling(v2.error) || !isTelling(v4.error) ? v2.error : v4.error;
  const check = "signature" as const;
  if (!listed) return { finding: { check, ...refused(error, sources) }, listed, error };
  const [one] = works;
  if (works.length === 2) {
    return { finding: { check, verdict: "ok", told: "V4 and V2 both work" }, listed, error };
  }
  const other = one === v4 ? v2 : v4;
  const told = `${name(one === v4 ? "v4" : "v2")} works, ${name(other.version)} doesn't (${messageOf(other.error)})`;
  const mend = `let it be found out: ${mendOf(sources, "signatureVersion", "auto")}`;
  return wanted === other.version
    ? { finding: { check, verdict: "failed", told, mend }, listed, error }
    : { finding: { check, verdict: "ok", told }, listed, error };
}

interface Attempted {
  version: Version;
  listed?: Listed;
  error?: unknown;
}

async function attempt(settings: Settings, version: Version): Promise<Attempted> {
  try {
    return await withSend(settings, version, async (send) => {
      const resource = "/?ostor-users";
      const call = {
        ...read,
        attempt: "list users",
        path: resource,
        resource,
        maxBytes: listBytes,
      };
      const answer = await send(call);
      return { version, listed: { answer, users: decode("list users", answer, apiUsers) } };
    });
  } catch (error) {
    return { version, error };
  }
}

function isAboutClocks(error: unknown): boolean {
  return error instanceof ApiError && error.code === "RequestTimeTooSkewed";
}

function isTelling(error: unknown): boolean {
  return (
    error instanceof ApiError && /^(SignatureDoes|InvalidAccess|AccessDenied)/.test(error.code)
  );
}

function refused(error: unknown, sources: Sources): Pick<Finding, "verdict" | "told" | "mend"> {
  const told = `neither V4 nor V2 works: ${messageOf(error)}`;
  if (isAboutClocks(error)) return { verdict: "failed", told, mend: "set this machine's clock" };
  const credentials = `${mendOf(sources, "accessKeyId")} and ${mendOf(sources, "secretAccessKey")}`;
  if (!isRejected(error)) {
    return { verdict: "failed", told, mend: `check the endpoint: ${mendOf(sources, "endpoint")}` };
  }
  return { verdict: "failed", told, mend: `check the credentials: ${credentials}` };
}

function name(version: Version): string {
  return version.toUpperCase();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^list users: /, "") : String(error);
}

/** Tells whose key it is: a system user's may ask `ostor-users`, that of any other user S3 alone. */
export async function checkSystemUser(
  settings: Settings,
  { listed, error }: Tried,
  sources: Sources,
): Promise<Finding> {
  const check = "system user" as const;
  if (listed) return { check, verdict: "ok", told: ownerOf(settings.accessKeyId, listed.users) };
  if (!isRejected(error) || isAboutClocks(error)) {
    return { check, verdict: "not tried", told: "the service didn't judge the key" };
  }
  const key = mendOf(sources, "accessKeyId");
  if (await isOfAnyUser(settings)) {
    const told = "the key is that of an S3 user who isn't a system user";
    const mend = `ostor-s3-admin create-user -S on a storage node makes one; give its key: ${key}`;
    return { check, verdict: "failed", told, mend };
  }
  const told =
    "the service takes the key for S3 neither: it is wrong, revoked, or of a disabled user";
  return { check, verdict: "failed", told, mend: `check it: ${key}` };
}

/** Whether S3 takes the pair: listing one's own buckets is every user's right. */
async function isOfAnyUser(settings: Settings): Promise<boolean> {
  try {
    await withSend(settings, "auto", (send) =>
      send({ ...read, attempt: "list own buckets", path: "/", resource: "/" }),
    );
    return true;
  } catch {
    return false;
  }
}

/** A pair's id begins with its user's id. */
function ownerOf(accessKeyId: string, users: ApiUser[]): string {
  const owner = users.find(({ userId }) => accessKeyId.startsWith(userId));
  const isTold = owner?.flags.includes("system") === true;
  return isTold
    ? `the key is that of system user ${owner.emailAddress}`
    : "the key may list all users, which is a system user's right; the list doesn't tell whose it is";
}
