import type { Claims } from "../cluster/claims";
import { PartialError, type Bag } from "../resources/lifecycle";
import { adoptedTwice } from "./messages";

/**
 * Creates a resource. What it adopts is claimed before anything is sent.
 *
 * @throws CodedError when another resource of the program has it; what `create` throws
 */
export async function adopting<T>(
  claims: Claims,
  { adopt, emailAddress, user = emailAddress }: Bag,
  create: () => Promise<T>,
): Promise<T> {
  if (typeof adopt !== "string") return create();
  if (claims.isTaken(adopt)) throw adoptedTwice(String(user), adopt, emailAddress === user);
  claims.adopt(adopt);
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof PartialError)) claims.reopen(adopt);
    throw error;
  }
}
