import { isDeepStrictEqual } from "node:util";
import type { ApiBucket, ApiUser } from "../../../provider/api/schemas";
import type { Difference } from "../difference";
import { values } from "../messages";
import { assignedText } from "../userOutputs";
import type { Recorded } from "./recorded";

/** Whether a user has the recorded id and all recorded keys. If not, the read may be stale. */
export function hasIds(recorded: Recorded, user: ApiUser): boolean {
  const ids = [ownKeyId(recorded), recorded.previousAccessKeyId];
  return isSameUser(recorded, user) && ids.every((id) => id === undefined || hasKey(user, id));
}

/** Whether state, flags and account of a user are as recorded. Only a user has them. */
export function hasProperties(recorded: Recorded, user: ApiUser): boolean {
  return recorded.resource !== "User" || changesOf(recorded, user).length === 0;
}

/** Whether a bucket is the recorded one: someone may have re-created it, or given it to another owner. */
export function isSameBucket(recorded: Recorded, bucket: ApiBucket | undefined): boolean {
  if (!bucket) return false;
  const { ownerId = bucket.ownerId, creationDate = bucket.creationDate } = recorded;
  return ownerId === bucket.ownerId && creationDate === bucket.creationDate;
}

/** What differs between a recorded bucket and the cluster. */
export function bucketDifferences(recorded: Recorded, bucket: ApiBucket | undefined): Difference[] {
  return isSameBucket(recorded, bucket) ? [] : [gone(recorded)];
}

/** What differs between a recorded user or key and the user that has its address now. */
export function userDifferences(recorded: Recorded, user: ApiUser | undefined): Difference[] {
  if (!user || !isSameUser(recorded, user)) return [gone(recorded)];
  const { resource, accessKeyId } = recorded;
  if (resource === "RotatingAccessKey") return revokedKeys(recorded, user);
  if (resource === "AccessKey") {
    return accessKeyId === undefined || hasKey(user, accessKeyId) ? [] : [gone(recorded)];
  }
  return [...changesOf(recorded, user), ...ownKey(recorded, user)].map(
    ({ property, declared, found }) => drift(recorded, property, printed(declared), printed(found)),
  );
}

interface Property {
  property: string;
  declared: unknown;
  found: unknown;
}

/** The service may not return a property, and the state may not contain it: then it counts as equal. */
function isEqual({ declared, found }: Property): boolean {
  return declared === undefined || found === undefined || isDeepStrictEqual(declared, found);
}

function changesOf(recorded: Recorded, user: ApiUser): Property[] {
  const { state, flags, ownerId } = recorded;
  return [
    { property: "flags", declared: flags, found: user.flags },
    { property: "ownerId", declared: ownerId, found: user.ownerId },
    { property: "state", declared: state, found: user.state },
  ].filter((each) => !isEqual(each) && !isIgnored(recorded, each.property));
}

/** The own key of a user, if it was revoked. */
function ownKey(recorded: Recorded, user: ApiUser): Property[] {
  const property = "createAccessKey";
  const id = ownKeyId(recorded);
  if (id === undefined || hasKey(user, id) || isIgnored(recorded, property)) return [];
  return [{ property, declared: true, found: false }];
}

/** The engine takes paths: `*` is every property. A path inside a property ignores all of it here. */
function isIgnored({ ignoreChanges }: Recorded, property: string): boolean {
  const names = ignoreChanges.map((path) => /^[^.[]+|^\["([^"]+)"\]/.exec(path));
  return names.some((name) => name && [property, "*"].includes(name[1] ?? name[0]));
}

/** A user without `createAccessKey` has no own key, even if the state still contains the id of one. */
function ownKeyId({ resource, createAccessKey, accessKeyId }: Recorded): string | undefined {
  return resource === "User" && !createAccessKey ? undefined : accessKeyId;
}

function revokedKeys(recorded: Recorded, user: ApiUser): Difference[] {
  return (["accessKeyId", "previousAccessKeyId"] as const).flatMap((property) => {
    const id = recorded[property];
    if (id === undefined || hasKey(user, id)) return [];
    return [drift(recorded, property, id, values.revoked)];
  });
}

function gone(recorded: Recorded): Difference {
  return drift(recorded, "exists", values.yes, values.no);
}

function drift(
  { subject }: Recorded,
  property: string,
  declared: string,
  found: string,
): Difference {
  return { ...subject, cause: "drift", property, declared, found };
}

function printed(value: unknown): string {
  return typeof value === "boolean" ? String(value) : assignedText(value);
}

/** Without a recorded id, as after an import by hand, it is any user at the address. */
export function isSameUser({ userId }: Recorded, user: ApiUser): boolean {
  return userId === undefined || userId === user.userId;
}

function hasKey({ accessKeys }: ApiUser, id: string): boolean {
  return accessKeys.some(({ accessKeyId }) => accessKeyId === id);
}
