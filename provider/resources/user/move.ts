import type { Cluster } from "../../cluster/cluster";
import { moveToExisting, moveWithBuckets, sameUser } from "./messages";
import type { UserInputs, UserState } from "./state";

/**
 * Refuses, at preview, a change of address that would fail halfway: it would create a new user and delete this one. Empty
 * buckets do not prevent it if the stored state allows to delete them.
 *
 * @throws CodedError
 */
export async function refuseMove(
  cluster: Cluster,
  olds: UserState,
  news: UserInputs,
): Promise<void> {
  const buckets = await cluster.bucketsOf(olds);
  const inTheWay = buckets.filter(
    ({ currentBytes }) => !olds.deleteEmptyBuckets || currentBytes > 0,
  );
  if (inTheWay.length > 0) throw moveWithBuckets(olds, news, inTheWay);
  const existing = await cluster.peekUser(news.emailAddress);
  if (existing?.userId === olds.userId) throw sameUser(olds, news);
  if (existing) throw moveToExisting(cluster.adoption, olds, existing);
}
