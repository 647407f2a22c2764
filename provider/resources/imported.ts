import type { ApiUser } from "../api/schemas";
import { inputsOf } from "./accessKey/state";
import type { Bag } from "./lifecycle";
import { lifecycles } from "./lifecycles";
import { secretInFile } from "./secret";
import { observed, stored, userState } from "./user/state";

/** A resource as an import file of the engine contains it. */
export interface Imported {
  inputs: Bag;
  outputs: Bag;
}

/** Why no program can declare a resource with these inputs; undefined if one can. */
export function problemWith(kind: keyof typeof lifecycles, inputs: Bag): string | undefined {
  return lifecycles[kind].check(inputs).failures[0]?.reason;
}

/** A user as it is stored when it is adopted: without an own key. */
export function importedUser(found: ApiUser): Imported {
  const { emailAddress } = found;
  const state = observed(found, userState({ emailAddress }));
  const { createAccessKey, deleteEmptyBuckets } = state;
  const inputs = { emailAddress, state: state.state, createAccessKey, deleteEmptyBuckets };
  return { inputs, outputs: stored(state) };
}

/** An access key as it is stored, with its secret in plain text, marked so that the engine encrypts it. */
export function importedKey({
  secretAccessKey,
  ...key
}: {
  emailAddress: string;
  userId: string;
  accessKeyId: string;
  secretAccessKey: string;
}): Imported {
  const secret = { secretAccessKey: secretInFile(secretAccessKey) };
  return { inputs: inputsOf(key), outputs: { ...key, ...secret } };
}
