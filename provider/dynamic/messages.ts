import { failure } from "../text/message";

/** Two resources that have one user or key would delete it for each other. */
export function adoptedTwice(address: string, id: string, isUser: boolean) {
  const what = isUser ? `user ${address}` : `key ${id} of user ${address}`;
  const named = isUser ? `the user (userId ${id})` : "this key";
  return failure(
    "declared-twice",
    `adopt ${what}: another resource of this program has ${named} already; remove one of the two`,
  );
}

/** @param reason - what a life cycle's `check` found: the property, and what is wrong with it */
export const invalidProperty = (reason: string) => failure("invalid-property", reason);
