import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";

// Each region is the example of a class or function in the documentation.

// #region User
const tenant = new ostor.User("acme", { emailAddress: "ops@acme.example", state: "enabled" });
export const userId = tenant.userId;
// #endregion User

// #region AccessKey
const key = new ostor.AccessKey("acme-backup", { user: tenant, keepers: { rotated: "2026-11" } });
export const accessKeyId = key.accessKeyId;
export const secretAccessKey = key.secretAccessKey;
// #endregion AccessKey

// #region RotatingAccessKey
const partner = new ostor.User("initech", { emailAddress: "ops@initech.example" });
const rotating = new ostor.RotatingAccessKey("initech", { user: partner, every: "30d" });
export const current = rotating.current; // { accessKeyId, secretAccessKey }
// #endregion RotatingAccessKey

// #region Tenant
const hooli = new ostor.Tenant("hooli", { emailAddress: "ops@hooli.example", keys: ["app"] });
export const appKeyId = hooli.keys.app.accessKeyId;
// #endregion Tenant

// #region Bucket
const inventory = new ostor.Bucket("inventory", { name: "inventory" });
export const inventoryOwnerId = inventory.ownerId;
// #endregion Bucket

// #region Provider
const config = new pulumi.Config();
const eu = new ostor.Provider("eu", {
  endpoint: config.require("euEndpoint"),
  accessKeyId: config.require("euAccessKeyId"),
  secretAccessKey: config.requireSecret("euSecretAccessKey"),
});
new ostor.User("globex", { emailAddress: "ops@globex.example" }, { provider: eu });
// #endregion Provider

// #region getUser
const warehouse = ostor.getUser({ emailAddress: "warehouse@storage.example" });
export const warehouseKeyIds = warehouse.then(({ accessKeyIds }) => accessKeyIds);
// #endregion getUser

// #region getUserOutput
const acme = ostor.getUserOutput({ emailAddress: tenant.emailAddress });
export const acmeFlags = acme.flags;
// #endregion getUserOutput

// #region getUsers
export const suspended = ostor
  .getUsers()
  .then(({ users }) => users.filter(({ state }) => state === "disabled"));
// #endregion getUsers

// #region getUsersOutput
const all = ostor.getUsersOutput({ dependsOn: tenant });
export const addresses = all.users.apply((users) => users.map(({ emailAddress }) => emailAddress));
// #endregion getUsersOutput

// #region getBucket
const stored = ostor.getBucket({ name: "inventory" });
export const inventoryBytes = stored.then(({ currentBytes }) => currentBytes);
// #endregion getBucket

// #region getBucketOutput
const { creationDate } = ostor.getBucketOutput({ name: inventory.name });
export const inventorySince = creationDate;
// #endregion getBucketOutput

// #region getBuckets
const owned = ostor.getBuckets({ user: "warehouse@storage.example" });
export const warehouseBuckets = owned.then(({ buckets }) => buckets.map(({ name }) => name));
// #endregion getBuckets

// #region getBucketsOutput
export const acmeBuckets = ostor.getBucketsOutput({ user: tenant }).buckets;
// #endregion getBucketsOutput
