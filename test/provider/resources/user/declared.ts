import assert from "node:assert/strict";
import { PartialError, type Bag } from "../../../../provider/resources/lifecycle";
import { userLifecycle } from "../../../../provider/resources/user/user";
import { failureOf } from "../../harness";

export const address = "ops@acme.example";
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The inputs of a user with this address. */
export function declared(more: Bag = {}): Bag {
  const { inputs, failures } = userLifecycle.check({ emailAddress: address, ...more });
  assert.deepEqual(failures, []);
  return inputs;
}

/** The error of work that leaves a partially created user. */
export async function partialErrorOf(work: Promise<unknown>): Promise<PartialError> {
  const error = await failureOf(work);
  assert(error instanceof PartialError, error.message);
  return error;
}
