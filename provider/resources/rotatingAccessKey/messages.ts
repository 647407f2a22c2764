import type { ApiUser } from "../../api/schemas";
import { keyIds } from "../../cluster/messages";
import { failure, type Message } from "../../text/message";
import { keyIdsOf, keyToRevoke, type RotationState } from "./state";

export const everyOrGeneration = "set exactly one of every and generation";

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

export function slotsTaken(user: ApiUser) {
  const attempt = `create rotating keys of user ${user.emailAddress}: it has ${keyIds(user)}, and a rotation needs both slots`;
  const [only, ...more] = user.accessKeys;
  if (only && more.length === 0) {
    return failure(
      "slots-taken",
      `${attempt}; a user of this stack needs createAccessKey: false; if no other stack has the key (see npx pulumi-ostor orphans), adopt: "${only.accessKeyId}" makes it the current one`,
    );
  }
  return failure(
    "slots-taken",
    `${attempt}; nothing was revoked; if they are rotating keys of this stack under another name, use aliases: [{ name: "<old name>" }], and increase generation instead of --replace; else npx pulumi-ostor orphans lists those in no stack of the project: free one slot, and adopt the other key`,
  );
}
