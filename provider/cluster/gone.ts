import type { ApiUser } from "../api/schemas";
import type { Context } from "./context";

/**
 * Whether something of a user certainly does not exist any more, after a write was answered with 404 or was to delete it.
 * The 404 may be the echo of an attempt whose answer was lost, while reads are stale; or another web server's.
 *
 * @param isThere - finds it in the user as read
 */
export async function isGone(
  { client, directory, lateReads }: Context,
  emailAddress: string,
  isThere: (user: ApiUser) => boolean,
): Promise<boolean> {
  const read = async () => {
    const user = await client.getUser(emailAddress);
    return user && isThere(user) ? undefined : { user };
  };
  const seen = await lateReads.untilFound(read);
  if (!seen) return false;
  if (seen.user || !(await directory.isListed(emailAddress))) return true;
  const confirmed = await directory.read(emailAddress);
  return !(confirmed && isThere(confirmed));
}
