import type { ApiKey, ApiUser } from "../api/schemas";
import type { Context } from "./context";

/** An access key and its user. */
export interface FoundKey {
  user: ApiUser;
  key: ApiKey;
}

/**
 * Finds an access key and its user. Undefined only if the key certainly does not exist.
 *
 * @param emailAddress - of its user; empty if it is not known yet
 */
export async function findKey(
  context: Context,
  accessKeyId: string,
  emailAddress: string,
): Promise<FoundKey | undefined> {
  const keyOf = ({ accessKeys }: ApiUser) =>
    accessKeys.find((each) => each.accessKeyId === accessKeyId);
  const { directory } = context;
  const owner = emailAddress === "" ? await ownerOf(context, accessKeyId, keyOf) : undefined;
  const address = emailAddress === "" ? owner?.emailAddress : emailAddress;
  if (address === undefined) return undefined;
  const isComplete = owner !== undefined && keyOf(owner) !== undefined;
  const user = isComplete ? owner : await directory.find(address, (each) => !!keyOf(each));
  const key = user && keyOf(user);
  return key && { user, key };
}

/** Finds a user by the first 16 characters of its key's id, or else in the list. */
async function ownerOf(
  { client, directory, lateReads }: Context,
  accessKeyId: string,
  keyOf: (user: ApiUser) => ApiKey | undefined,
): Promise<ApiUser | undefined> {
  const find = async () => {
    const owner = await client.getUserById(accessKeyId.slice(0, 16));
    return owner ?? (await directory.all()).find(keyOf);
  };
  return (await find()) ?? ((await lateReads.settle()) ? find() : undefined);
}
