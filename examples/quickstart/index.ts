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

// Suspended: no access to S3, but keys and buckets stay.
const initech = new ostor.User("initech", {
  emailAddress: "initech@storage.example",
  state: "disabled",
});

// Created by its owner through S3. It is only tracked, never created or deleted. Each run reads its size.
const inventory = new ostor.Bucket("inventory", { name: config.get("bucket") ?? "inventory" });
const { currentBytes } = ostor.getBucketOutput({ name: inventory.name });

export const userIds = { acme: acme.userId, globex: globex.userId, initech: initech.userId };
export const accessKeyIds = [backup.accessKeyId, web.accessKeyId];
/** Secrets: only `pulumi stack output --show-secrets` prints them. */
export const secretAccessKeys = [backup.secretAccessKey, web.secretAccessKey];
export const inventoryOwnerId = inventory.ownerId;
export const inventoryBytes = currentBytes;
