import type { ApiUser } from "./api/schemas";
import { keyIds } from "./keys";
import type { Session } from "./session";

/**
 * The refusal to adopt a user that exists: what it has, and the line that adopts it. Never silently, for it may be someone
 * else's. Of a user whom this program declares already there is no such line: two resources would own one user.
 */
export async function refuseExisting(
  session: Session,
  existing: ApiUser,
  adopt: string | undefined,
): Promise<Error> {
  const { emailAddress, userId } = existing;
  if (session.claims.isTaken(userId)) return declaredTwice(emailAddress, userId);
  const buckets = await session.client.listBuckets(userId).catch(() => undefined);
  const holds = [
    existing.state ?? "",
    existing.accessKeys.length === 0 ? "no keys" : `keys ${keyIds(existing)}`,
    buckets === undefined ? "" : `buckets: ${buckets.map(({ name }) => name).join(", ") || "none"}`,
  ].filter((part) => part !== "");
  // Without it the next update would enable whom somebody suspended.
  const line = `adopt: "${userId}"${existing.state === "disabled" ? ', state: "disabled"' : ""}`;
  const asked = adopt === undefined ? "" : `, and adopt names another one, ${adopt}`;
  return new Error(
    `create user ${emailAddress}: it exists already (userId ${userId}, ${holds.join(", ")})${asked}; if it is yours, take it over as it is with ${line} (for one that this stack holds under another name, use aliases)`,
  );
}

function declaredTwice(emailAddress: string, userId: string): Error {
  return new Error(
    `create user ${emailAddress}: another resource of this program declares this user already (userId ${userId}); remove one of the two`,
  );
}
