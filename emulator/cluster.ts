import { createBucket } from "./buckets";
import { type Bucket, currentObject } from "./bucketTable";
import { contentOf, deleteObject, storeObject } from "./objects";
import { isSystemUser, type Service } from "./service";
import { noSuchBucket } from "./s3/access";
import { startUpload } from "./uploads";
import * as rules from "./users";
import type { AccessKey, User } from "./userTable";

/** A user as `cluster` returns it. */
export interface UserView {
  emailAddress: string;
  /** 16 lower-case hex digits. */
  userId: string;
  state: "enabled" | "disabled";
  /** 0 to 2 access keys. */
  accessKeys: AccessKey[];
}

/** A bucket as `cluster` returns it. */
export interface BucketView {
  name: string;
  /** Id of the owner, 16 hex digits. */
  ownerId: string;
  /** ISO 8601 in UTC with milliseconds. */
  creationDate: string;
  /** Current objects with their size in bytes, without old versions and delete markers. */
  objects: { key: string; size: number }[];
}

/**
 * Direct access to the users and buckets of the emulator: changes by someone else in a test. Faults do not
 * apply to these calls, and they are not recorded. Changes throw the errors of the service.
 */
export interface Cluster {
  /** All users except the system user. */
  users(): UserView[];
  user(emailAddress: string): UserView | undefined;
  /** Creates a user with a first access key, as PUT does. */
  createUser(emailAddress: string): UserView;
  /** Deletes a user and, unlike the API, its buckets with their contents. */
  deleteUser(emailAddress: string): void;
  setUserState(emailAddress: string, state: "enabled" | "disabled"): void;
  generateKey(emailAddress: string): AccessKey;
  revokeKey(accessKeyId: string): void;
  buckets(): BucketView[];
  /** @param owner - address of the owner */
  createBucket(name: string, owner: string): void;
  /** Deletes a bucket with its contents. */
  deleteBucket(name: string): void;
  /** Stores an object, or another version of it in a bucket with versioning. */
  putObject(bucket: string, key: string, body: string | Uint8Array): void;
  /**
   * Deletes an object. In a bucket with versioning, adds a delete marker.
   *
   * @param options - `marker: true` enables versioning first, so that the object becomes an old version behind a
   *   delete marker, and the bucket is not empty
   */
  deleteObject(bucket: string, key: string, options?: { marker?: boolean }): void;
  /** Starts a multipart upload without parts. Unlike an object, it does not prevent the deletion of the bucket. */
  startUpload(bucket: string, key: string): void;
  /** @param owner - address of the new owner */
  setBucketOwner(name: string, owner: string): void;
}

/** Creates the direct access to a service. */
export function createCluster(service: Service): Cluster {
  const { users, buckets } = service;
  const user = (address: string) => rules.requireUser(service, address);
  const bucket = (name: string) => requireBucket(service, name);
  return {
    users: () =>
      users
        .all()
        .filter((each) => !isSystemUser(each))
        .map(userView),
    user: (address) => optionalView(users.get(rules.foldAddress(service, address))),
    createUser: (address) => userView(rules.createUser(service, address)),
    deleteUser: (address) => {
      deleteWithBuckets(service, user(address));
    },
    setUserState: (address, state) => {
      rules.setUserState(service, user(address), state);
    },
    generateKey: (address) => rules.generateKey(service, user(address)),
    revokeKey: (accessKeyId) => {
      const owner = users.byAccessKeyId(accessKeyId);
      if (owner === undefined) throw rules.noSuchUser(`with the access key ${accessKeyId}`);
      rules.revokeKey(service, owner, accessKeyId);
    },
    buckets: () => buckets.all().map(bucketView),
    createBucket: (name, owner) => {
      createBucket(service, name, user(owner));
    },
    deleteBucket: (name) => {
      buckets.remove(bucket(name).name);
    },
    putObject: (name, key, body) => {
      storeObject(service, bucket(name), key, contentOf(Buffer.from(body)));
    },
    deleteObject: (name, key, options) => {
      if (options?.marker) buckets.setVersioning(bucket(name), "Enabled");
      deleteObject(service, bucket(name), key);
    },
    startUpload: (name, key) => {
      startUpload(service, bucket(name), key, { headers: {}, acl: "private" });
    },
    setBucketOwner: (name, owner) => {
      buckets.setOwner(bucket(name), user(owner).userId);
    },
  };
}

function requireBucket(service: Service, name: string): Bucket {
  const bucket = service.buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}

function deleteWithBuckets(service: Service, user: User): void {
  for (const { name } of service.buckets.ownedBy(user.userId)) service.buckets.remove(name);
  rules.deleteUser(service, user);
}

function optionalView(user: User | undefined): UserView | undefined {
  return user && !isSystemUser(user) ? userView(user) : undefined;
}

function userView({ emailAddress, userId, state, accessKeys }: User): UserView {
  return { emailAddress, userId, state, accessKeys: accessKeys.map((key) => ({ ...key })) };
}

function bucketView(bucket: Bucket): BucketView {
  const { name, ownerId, createdMs, versions } = bucket;
  const objects = [...versions.keys()].flatMap((key) => {
    const object = currentObject(bucket, key);
    return object ? [{ key, size: object.body.length }] : [];
  });
  return { name, ownerId, creationDate: new Date(createdMs).toISOString(), objects };
}
