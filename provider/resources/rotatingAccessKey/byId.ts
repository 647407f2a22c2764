import type { Cluster } from "../../cluster/cluster";
import type { Found } from "../lifecycle";
import * as messages from "./messages";
import { asCurrent } from "./rotate";
import { inputsOf, storedRotation, type RotationState } from "./state";

/**
 * Reads rotating keys that are in no state. The id is the user's; `<userId>/<accessKeyId>` names the current key of a user with
 * two, which the cluster does not store. The counter begins at 0, so that nothing rotates by itself.
 *
 * @throws CodedError when the user does not exist, or its current key is not known
 */
export async function readRotationById(cluster: Cluster, id: string): Promise<Found> {
  const [userId = "", currentId] = id.split("/");
  const user = await cluster.peekUserById(userId);
  if (!user) throw messages.rotationToRead(id);
  const { emailAddress, accessKeys } = user;
  const isOnly = currentId === undefined && accessKeys.length === 1;
  const current = isOnly
    ? accessKeys[0]
    : accessKeys.find(({ accessKeyId }) => accessKeyId === currentId);
  if (!current) throw messages.currentKeyUnknown(user);
  const previous = accessKeys.find((key) => key !== current);
  const state: RotationState = {
    emailAddress,
    userId,
    ...asCurrent(current),
    ...(previous && { previousAccessKeyId: previous.accessKeyId }),
    ...(previous?.secretAccessKey !== undefined && {
      previousSecretAccessKey: previous.secretAccessKey,
    }),
    generation: 0,
  };
  return { id: userId, props: storedRotation(state), inputs: inputsOf(state) };
}
