import type { ApiUser } from "../api/schemas";
import { inputsOf } from "./accessKey/state";
import type { Bag } from "./lifecycle";
import { observed, stored, userState } from "./user/state";

/** A resource as an import file of the engine holds it. */
export interface Imported {
  inputs: Bag;
  outputs: Bag;
}

/** A user as it is stored when it is adopted: without an own key. */
export function importedUser(found: ApiUser): Imported {
  const { emailAddress } = found;
  const state = observed(found, userState({ emailAddress }));
  const { createAccessKey, deleteEmptyBuckets } = state;
  const inputs = { emailAddress, state: state.state, createAccessKey, deleteEmptyBuckets };
  return { inputs, outputs: stored(state) };
}

/** An access key as it is stored, but for its secret. */
export function importedKey(key: {
  emailAddress: string;
  userId: string;
  accessKeyId: string;
}): Imported {
  return { inputs: inputsOf(key), outputs: { ...key } };
}
