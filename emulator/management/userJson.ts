import { isSystemUser, type Service } from "../service";
import { sizeAt } from "../sizes";
import type { AccessKey, User } from "../userTable";

/** Access keys in the format of the API, with or without secrets. */
export function keysJson(keys: readonly AccessKey[], secrets = true): object[] {
  return keys.map(({ accessKeyId, secretAccessKey }) => ({
    AWSAccessKeyId: accessKeyId,
    ...(secrets && { AWSSecretAccessKey: secretAccessKey }),
  }));
}

/** The response to creating a user and to generating a key (vendor guide 3.2.1, 3.2.7). */
export function createdJson(user: User, keys: readonly AccessKey[]): object {
  return { UserEmail: user.emailAddress, UserId: user.userId, AWSAccessKeys: keysJson(keys) };
}

/** An item of the list (vendor guide 3.2.2). */
export function listedJson(service: Service, user: User): object {
  const { listKeys, listedStates, listedFlags, secretsReadable } = service.assumptions;
  return {
    ...(listedStates ? stateJson(service, user, listedFlags) : namedJson(user)),
    ...(listKeys && { AWSAccessKeys: keysJson(listedKeys(user), secretsReadable) }),
  };
}

/** One user with access keys (vendor guide 3.2.3). */
export function userJson(service: Service, user: User): object {
  const { accountFields, secretsReadable } = service.assumptions;
  return {
    ...stateJson(service, user),
    AWSAccessKeys: keysJson(listedKeys(user), secretsReadable),
    ...(accountFields && { AccountCount: "0", Accounts: [] }),
  };
}

/** Space of all buckets of a user. The meaning of the fields is derived from their names. */
export function spaceJson(service: Service, user: User): object {
  const stat = { LastTs: 0, SizeCurr: 0, SizeHMax: 0, SizeHInt: 0 };
  for (const bucket of service.buckets.ownedBy(user.userId)) {
    const size = sizeAt(bucket.size, service.clock());
    stat.LastTs = Math.max(stat.LastTs, size.last_ts);
    stat.SizeCurr += size.current;
    stat.SizeHMax += size.hmax;
    stat.SizeHInt += size.h_integral;
  }
  return { SpaceStat: stat };
}

function namedJson({ emailAddress, userId }: User): object {
  return { UserEmail: emailAddress, UserId: userId };
}

function stateJson(service: Service, user: User, flags = true): object {
  if (!service.assumptions.statesShown) return namedJson(user);
  return {
    ...namedJson(user),
    State: user.state,
    OwnerId: "0000000000000000",
    ...(flags && { Flags: user.flags }),
  };
}

/** The key of the system user is in no response, because tests search responses for secrets. */
function listedKeys(user: User): readonly AccessKey[] {
  return isSystemUser(user) ? [] : user.accessKeys;
}
