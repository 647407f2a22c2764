import { decode } from "../../provider/api/decode";
import { ApiError, isRejected, ShapeError } from "../../provider/api/errors";
import { apiUsers, type ApiUser } from "../../provider/api/schemas";
import { createSend, type Send } from "../../provider/api/send";
import { createTransport, listBytes, type RawAnswer } from "../../provider/api/transport";
import type { Settings } from "../../provider/settings/settings";
import { textOf } from "../../provider/text/message";
import { failed, notTried, ok, type Finding } from "./finding";
import { changeOfCredentials, fixFor, isClockRefusal, problemOf } from "./hint";
import {
  bothVersionsWork,
  keyNotChecked,
  keyRejected,
  noBucketList,
  notSystemUser,
  noVersionWorks,
  oneVersionWorks,
  systemUser,
  unnamedSystemUser,
  wrongVersion,
} from "./messages";
import { changeOfSetting, type Sources } from "./sources";

type Version = "v4" | "v2";

/** A list of users that the service returned. */
export interface UserList {
  /** The signature version that the service accepted. */
  version: Version;
  answer: RawAnswer;
  users: ApiUser[];
}

/** The result of both signature versions. */
export interface SignatureResult {
  finding: Finding;
  /** The list, if one of them works. */
  list: UserList | undefined;
  /** The failure, if none works. */
  error: unknown;
  /** Whether S3 accepts the key, although it must not list users. */
  isOfS3User: boolean;
}

/** Sends with own connections, signed by one version. A request is retried at most once. */
export async function withOwnConnections<T>(
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

/** Lists users once with each version. If both are refused, S3 shows whether the signature is the reason. */
export async function checkSignature(
  settings: Settings,
  sources: Sources,
): Promise<SignatureResult> {
  const attempts = await attemptEach(settings, listUsers);
  const accepted = attempts.find(({ result }) => result);
  const list = accepted?.result && { ...accepted.result, version: accepted.version };
  const [v4, v2] = attempts.map((each) => each.error);
  // A version that is not accepted may get any answer, so one that names the fault of the key is the better one.
  const error = namesKeyFault(v2) || !namesKeyFault(v4) ? v2 : v4;
  if (list) {
    return { finding: compared(attempts, settings, sources), list, error, isOfS3User: false };
  }
  const isKeyRejected = isRejected(error) && !isClockRefusal(error);
  const ofS3 = isKeyRejected ? await attemptEach(settings, listOwnBuckets) : [];
  const isOfS3User = ofS3.some(({ result }) => result);
  const finding = isOfS3User
    ? compared(ofS3, settings, sources)
    : failed("signature", refusal(error, settings, sources));
  return { finding, list, error, isOfS3User };
}

/** The finding if at least one version works. */
function compared(attempts: Attempted<unknown>[], settings: Settings, sources: Sources): Finding {
  const accepted = attempts.find(({ result }) => result);
  const refused = attempts.find(({ result }) => !result);
  if (!accepted || !refused) return ok("signature", bothVersionsWork);
  const [works, fails] = [accepted, refused].map(({ version }) => version.toUpperCase());
  const text = oneVersionWorks(works ?? "", fails ?? "", textOf(refused.error));
  if (settings.signatureVersion !== refused.version) return ok("signature", text);
  const command = changeOfSetting(sources, "signatureVersion", "auto");
  return failed("signature", wrongVersion(text, command));
}

interface Attempted<T> {
  version: Version;
  result?: T;
  error?: unknown;
}

async function attemptEach<T>(
  settings: Settings,
  work: (send: Send) => Promise<T>,
): Promise<Attempted<T>[]> {
  const attempts: Attempted<T>[] = [];
  for (const version of ["v4", "v2"] as const) {
    try {
      attempts.push({ version, result: await withOwnConnections(settings, version, work) });
    } catch (error) {
      attempts.push({ version, error });
    }
  }
  return attempts;
}

function listUsers(send: Send): Promise<Omit<UserList, "version">> {
  const resource = "/?ostor-users";
  const operation = "listUsers" as const;
  const call = { ...read, attempt: "list users", operation, path: resource, resource };
  return send({ ...call, maxBytes: listBytes }, (answer) => ({
    answer,
    users: decode("list users", answer, apiUsers),
  }));
}

/** Every user may list its own buckets. A web server may have any page at its root. */
async function listOwnBuckets(send: Send): Promise<RawAnswer> {
  const attempt = "list own buckets";
  const answer = await send({ ...read, attempt, path: "/", resource: "/", maxBytes: listBytes });
  if (!answer.body.includes("<ListAllMyBucketsResult")) {
    throw new ShapeError(attempt, noBucketList, "");
  }
  return answer;
}

function namesKeyFault(error: unknown): boolean {
  return (
    error instanceof ApiError && /^(SignatureDoes|InvalidAccess|AccessDenied)/.test(error.code)
  );
}

function refusal(error: unknown, settings: Settings, sources: Sources) {
  const text = noVersionWorks(textOf(error));
  return problemOf(error, fixFor(error, settings, sources), settings, text);
}

/** Reports whose key it is: only a system user may list users, and every other user may use S3. */
export function checkSystemUser(
  settings: Settings,
  { list, error, isOfS3User }: SignatureResult,
  sources: Sources,
): Finding[] {
  if (list) return [ok("system user", ownerOf(settings.accessKeyId, list.users))];
  if (!isRejected(error) || isClockRefusal(error)) return notTried(["system user"], keyNotChecked);
  const commands = changeOfCredentials(sources);
  return [failed("system user", isOfS3User ? notSystemUser(commands) : keyRejected(commands))];
}

/** A key's id starts with its user's id. */
function ownerOf(accessKeyId: string, users: ApiUser[]): string {
  const owner = users.find(({ userId }) => accessKeyId.startsWith(userId));
  return owner?.flags.includes("system") === true
    ? systemUser(owner.emailAddress)
    : unnamedSystemUser;
}
