import type { ApiUser } from "./api/schemas";
import type { Session } from "./session";
import { CertainError } from "./write";

/**
 * A key was asked for by address, and by then somebody had deleted the user and made it again: the key went to the
 * new one, or the PUT of dialect "put" made that one. Only the message tells of it.
 *
 * @param user - whose key it was to be
 * @param now - who has the address
 * @param generated - the id of the pair that came of it, if the answer tells
 */
export async function strayKey(
  session: Session,
  user: ApiUser,
  now: ApiUser,
  generated: string | undefined,
): Promise<CertainError> {
  const { emailAddress, userId } = user;
  const key =
    generated === undefined
      ? `a key may have been generated for that one: npx pulumi-ostor orphans tells which of its keys are in no stack`
      : `key ${generated} was generated for that one: npx pulumi-ostor revoke-key ${generated} revokes it${await ofMade(session, now, generated)}`;
  return new CertainError(
    `generate a key of user ${emailAddress}: the user (userId ${userId}) was deleted meanwhile, and user ${now.userId} has its address now; ${key}; then run: pulumi refresh`,
  );
}

/** Who has another pair besides wasn't made by the PUT; of who hasn't, only whoever runs this can tell. */
async function ofMade(session: Session, now: ApiUser, generated: string): Promise<string> {
  if (session.settings.dialect !== "put") return "";
  const shown = await session.client.getUser(now.emailAddress).catch(() => undefined);
  const ids = shown?.userId === now.userId ? shown.accessKeys.map((each) => each.accessKeyId) : [];
  if (ids.length !== 1 || ids[0] !== generated) return "";
  return `; or, if nobody else made that user and the PUT of dialect "put" did: npx pulumi-ostor delete-user ${now.userId} removes both`;
}

/**
 * A PUT that was to revoke a key of a user whom somebody had just deleted may have made one.
 *
 * @param now - who has the address; the same user or none is no trouble
 */
export function refuseMadeUser(
  { emailAddress, userId }: ApiUser,
  accessKeyId: string,
  now: ApiUser | undefined,
): void {
  if (now === undefined || now.userId === userId) return;
  throw new Error(
    `revoke key ${accessKeyId} of user ${emailAddress}: the user (userId ${userId}) was deleted meanwhile, and its keys with it; the PUT of dialect "put" may have made user ${now.userId}, who has its address now: npx pulumi-ostor orphans tells whether a stack holds that one; then run: pulumi refresh`,
  );
}
