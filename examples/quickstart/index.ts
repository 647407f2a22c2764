import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";

const config = new pulumi.Config();

const acme = new ostor.User("acme", { emailAddress: "acme@storage.example" });
const backup = new ostor.AccessKey("acme-backup", { user: acme });
const web = new ostor.AccessKey("acme-web", { user: acme });

const globex = new ostor.User("globex", {
  emailAddress: "globex@storage.example",
  state: "enabled",
});

// The bill is not paid: no access to S3, while keys and buckets stay.
const initech = new ostor.User("initech", {
  emailAddress: "initech@storage.example",
  state: "disabled",
});

// Made by its owner through S3: tracked here, never made or deleted. Its size is asked for at each run.
const inventory = new ostor.Bucket("inventory", { name: config.get("bucket") ?? "inventory" });
const { currentBytes } = ostor.getBucketOutput({ name: inventory.name });

export const userIds = { acme: acme.userId, globex: globex.userId, initech: initech.userId };
export const accessKeyIds = [backup.accessKeyId, web.accessKeyId];
/** Secret outputs: shown by `pulumi stack output --show-secrets` only. */
export const secretAccessKeys = [backup.secretAccessKey, web.secretAccessKey];
export const inventoryOwnerId = inventory.ownerId;
export const inventoryBytes = currentBytes;
