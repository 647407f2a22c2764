import type { ApiUser } from "../api/schemas";
import type { Claims } from "./claims";
import { keysClaimed } from "./keyMessages";

/**
 * Refuses to delete a user whose access key the program still declares: the key would be deleted with it.
 *
 * @throws CodedError, before anything is sent
 */
export function refuseClaimedKeys(claims: Claims, user: ApiUser): void {
  const ids = user.accessKeys.map(({ accessKeyId }) => accessKeyId);
  const claimed = ids.filter((id) => claims.isClaimed(id));
  if (claimed.length > 0) throw keysClaimed(user, claimed);
}
