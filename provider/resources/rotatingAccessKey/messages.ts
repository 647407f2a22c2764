import type { ApiUser } from "../../api/schemas";
import type { Adoption } from "../../cluster/adoption";
import { keyIds } from "../../cluster/keyMessages";
import { failure, type Message } from "../../text/message";
import { keyIdsOf, keyToRevoke, type RotationState } from "./state";

export const everyOrGeneration = "set exactly one of every and generation";

/** Printed at preview: what the next `up` revokes. */
export function rotationDue(olds: RotationState): Message {
  const revoked = keyToRevoke(olds);
  const before = revoked === undefined ? "" : `key ${revoked} is revoked, then `;
  const left = keyIdsOf(olds).filter((id) => id !== revoked);
  return {
    code: "rotation-due",
    text: `rotation of user ${olds.emailAddress} is due: ${before}a new key is generated; key ${left.join()} keeps working until the next rotation`,
  };
}

/** The schedule is known only during the run. */
export function rotationPossible(olds: RotationState): Message {
  const revoked = keyToRevoke(olds);
  const then = revoked === undefined ? "" : `; key ${revoked} would be revoked`;
  return {
    code: "rotation-possible",
    text: `the schedule of user ${olds.emailAddress} is not known before the run, which may rotate its keys${then}`,
  };
}

export const generationLower = (
  { emailAddress, generation: reached = 0 }: RotationState,
  generation: number,
): Message => ({
  code: "generation-lower",
  text: `generation ${generation} of user ${emailAddress} is below ${reached}, which its keys have reached; nothing is rotated until it is above`,
});

export const rotatedInFuture = (
  { emailAddress, rotatedAt }: RotationState,
  every: string,
): Message => ({
  code: "rotated-in-future",
  text: `the keys of user ${emailAddress} were rotated at ${rotatedAt}, which is in the future by this machine's clock; every ${every} counts from then; if that date is wrong, rotate once by generation`,
});

/**
 * @param others - the keys that are not adopted
 * @param declared - those that another resource of the program declares
 */
export function slotsTaken(
  adoption: Adoption,
  user: ApiUser,
  others: readonly string[],
  declared: readonly string[],
) {
  const attempt = `create rotating keys of user ${user.emailAddress}: it has ${keyIds(user)}, and a rotation needs both slots`;
  return failure("slots-taken", `${attempt}; ${slotsFix(adoption, user, others, declared)}`);
}

function slotsFix(
  adoption: Adoption,
  user: ApiUser,
  others: readonly string[],
  declared: readonly string[],
): string {
  if (declared.length > 0) {
    return `another resource of this program declares ${declared.join(" and ")}; remove one of them`;
  }
  if (user.accessKeys.length === 1) {
    return `a user of this stack needs createAccessKey: false; if no other stack has the key (see npx pulumi-ostor orphans), ${adoption.rotation(user, others.join())} makes it the current one`;
  }
  return 'nothing was revoked; if they are rotating keys of this stack under another name, use aliases: [{ name: "<old name>" }], and increase generation instead of --replace; else npx pulumi-ostor orphans lists those in no stack of the project: free one slot, and adopt the other key';
}

export const notReadableById = (id: string) =>
  failure(
    "not-readable-by-id",
    `read rotating keys ${id}: the cluster does not store which key is the current one, so they cannot be read by an id; read each key with AccessKey.get`,
  );

export const rotationToRead = (id: string) =>
  failure(
    "user-not-found",
    `read rotating keys ${id}: no user of the cluster has this user id; getUsers() returns the ids of all users`,
  );

export const currentKeyUnknown = (user: ApiUser) =>
  failure(
    "current-key-unknown",
    user.accessKeys.length === 0
      ? `read rotating keys of user ${user.emailAddress}: the user has no access key`
      : `read rotating keys of user ${user.emailAddress}: it has ${keyIds(user)}, and the cluster does not store which one is current; read them with the id ${user.userId}/<id of the current key>`,
  );

export const rotationClaimed = ({ emailAddress }: ApiUser, id: string) =>
  failure(
    "still-declared",
    `rotate the keys of user ${emailAddress}: key ${id} would be revoked, but another resource of this program keeps or adopts it too; nothing was changed; remove that resource first`,
  );
