import type { ApiUser } from "../../api/schemas";
import type { Cluster } from "../../cluster/cluster";
import { warn } from "../../text/print";
import { textOf } from "../../text/message";
import { notDisabled, ownKeyUnclear, ownSecretMissing } from "./messages";
import { isOwnKeyUnknown, type UserInputs, type UserState } from "./state";

/** What changes in state when the own key is revoked. */
export const withoutKey = {
  createAccessKey: false,
  accessKeyId: undefined,
  secretAccessKey: undefined,
};

/** Whether the program changed the own key. A last key that the service keeps does not count: it may be in use. */
export function isOwnKeyAsked(state: UserState, inputs: UserInputs): boolean {
  return state.createAccessKey !== inputs.createAccessKey || isOwnKeyUnknown(state);
}

/** Generates or revokes the own key, and notes in `reached` what was reached. */
export async function setOwnKey(
  cluster: Cluster,
  user: ApiUser,
  reached: UserState,
  createAccessKey: boolean | undefined,
): Promise<void> {
  if (createAccessKey === undefined) return;
  if (isOwnKeyUnknown(reached) && user.accessKeys.length > 0)
    warn(ownKeyUnclear(cluster.adoption, user));
  if (createAccessKey && reached.accessKeyId === undefined) {
    Object.assign(reached, await cluster.generateKey(user));
  } else if (!createAccessKey && reached.accessKeyId !== undefined) {
    const outcome = await cluster.revokeOwnKey(user, reached.accessKeyId);
    if (outcome !== "kept") Object.assign(reached, withoutKey);
  }
  reached.createAccessKey = createAccessKey;
}

/** @throws CodedError when the service does not return the secret of the own key */
export async function readOwnSecret(cluster: Cluster, reached: UserState): Promise<void> {
  const { emailAddress: address, accessKeyId = "" } = reached;
  reached.secretAccessKey = await cluster.readSecret(address, accessKeyId);
  if (reached.secretAccessKey === undefined) throw ownSecretMissing(address, accessKeyId);
}

/** Whatever fails with its keys, a tenant that is to have no access gets none. Someone may have re-created the user. */
export async function disableAnyway(
  cluster: Cluster,
  { emailAddress: address, userId }: ApiUser,
  failure: unknown,
  disable: () => Promise<void>,
): Promise<void> {
  try {
    if ((await cluster.peekUser(address))?.userId === userId) await disable();
  } catch (error) {
    if (failure instanceof Error) failure.message += notDisabled(textOf(error));
  }
}
