import { ServiceError } from "./errors";
import { isSystemUser, nextCount, type Service } from "./service";
import type { AccessKey, User } from "./userTable";

/** Vendor guide: at most two access keys per user. */
const keyLimit = 2;

/** The address as the service stores it. */
export function foldAddress(service: Service, emailAddress: string): string {
  return service.assumptions.foldAddressCase ? emailAddress.toLowerCase() : emailAddress;
}

/** @throws ServiceError NoSuchUser (404, documented by a public client) */
export function requireUser(service: Service, emailAddress: string): User {
  const user = service.users.get(foldAddress(service, emailAddress));
  if (user === undefined) throw noSuchUser(emailAddress);
  return user;
}

/** The error for an unknown address or id. */
export function noSuchUser(who: string, status?: number): ServiceError {
  return new ServiceError("NoSuchUser", `The user ${who} does not exist`, status);
}

/**
 * Creates an enabled user with a first access key (vendor guide 3.2.1).
 *
 * @throws ServiceError UserAlreadyExists; InvalidArgument for an invalid address (assumed)
 */
export function createUser(service: Service, emailAddress: string): User {
  const { assumptions, users, ids } = service;
  const address = foldAddress(service, emailAddress);
  if (assumptions.checkAddresses) checkAddress(address);
  if (users.get(address)) {
    const message = `The user ${address} already exists`;
    throw new ServiceError("UserAlreadyExists", message, assumptions.existingUserStatus);
  }
  const userId = ids.userId(address, nextCount(service, `user ${address}`));
  const accessKeys = [newKey(service, userId, [])];
  const user: User = { emailAddress: address, userId, state: "enabled", flags: [], accessKeys };
  users.put(user);
  return user;
}

/** Generates an access key. @throws ServiceError KeyLimitExceeded if the user has two */
export function generateKey(service: Service, user: User): AccessKey {
  requireTenant(service, user);
  requireKeysChangeable(service, user);
  if (user.accessKeys.length >= keyLimit) {
    const message = `${user.emailAddress} has ${keyLimit} access keys, which is the maximum`;
    throw new ServiceError("KeyLimitExceeded", message, service.assumptions.thirdKeyStatus);
  }
  const key = newKey(service, user.userId, user.accessKeys);
  service.users.put({ ...user, accessKeys: [...user.accessKeys, key] });
  return key;
}

/** Revokes an access key. @throws ServiceError NoSuchAccessKey, LastKey (both assumed) */
export function revokeKey(service: Service, user: User, accessKeyId: string): void {
  requireTenant(service, user);
  requireKeysChangeable(service, user);
  const kept = user.accessKeys.filter((key) => key.accessKeyId !== accessKeyId);
  if (kept.length === user.accessKeys.length) {
    const message = `${user.emailAddress} has no access key ${accessKeyId}`;
    throw new ServiceError("NoSuchAccessKey", message, service.assumptions.unknownKeyStatus);
  }
  if (kept.length === 0 && !service.assumptions.lastKeyRevocable) {
    const message = `${accessKeyId} is the last key of ${user.emailAddress}`;
    throw new ServiceError("LastKey", message, service.assumptions.lastKeyStatus);
  }
  service.users.put({ ...user, accessKeys: kept });
}

/** Enables or disables a user. Keys and buckets stay. A repetition changes nothing (assumed). */
export function setUserState(service: Service, user: User, state: User["state"]): void {
  requireTenant(service, user);
  if (user.state !== state) service.users.put({ ...user, state });
}

/** Deletes a user and its keys. @throws ServiceError UserHasBuckets (vendor guide 3.2.6) */
export function deleteUser(service: Service, user: User): void {
  requireTenant(service, user);
  const count = service.buckets.ownedBy(user.userId).length;
  if (count > 0) {
    const message = `${user.emailAddress} owns ${count} bucket(s); delete them first`;
    throw new ServiceError("UserHasBuckets", message, service.assumptions.userWithBucketsStatus);
  }
  service.users.remove(user);
}

/** Prevents a client from disabling its own administrator (assumed). */
function requireTenant(service: Service, user: User): void {
  if (isSystemUser(user) && !service.assumptions.systemUsersChangeable) {
    throw new ServiceError("AccessDenied", `${user.emailAddress} is a system user`);
  }
}

function requireKeysChangeable(service: Service, user: User): void {
  if (user.state === "disabled" && !service.assumptions.keysInDisabledUser) {
    throw new ServiceError("UserDisabled", `${user.emailAddress} is disabled`);
  }
}

function checkAddress(emailAddress: string): void {
  // oxlint-disable-next-line no-control-regex -- control characters are searched for
  if (!/^[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+$/.test(emailAddress)) {
    throw new ServiceError("InvalidArgument", "emailAddress is not an e-mail address");
  }
}

function newKey(service: Service, userId: string, present: readonly AccessKey[]): AccessKey {
  const accessKeyId = service.ids.accessKeyId(userId, nextCount(service, `key ${userId}`));
  // The four characters can repeat. A key with the same id would replace the other one.
  if (present.some((key) => key.accessKeyId === accessKeyId)) {
    return newKey(service, userId, present);
  }
  return { accessKeyId, secretAccessKey: service.ids.secretAccessKey(accessKeyId) };
}
