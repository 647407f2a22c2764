import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";

const config = new pulumi.Config();
// pulumi config set --path suspended.acme true
const suspended = config.getObject<Record<string, boolean>>("suspended") ?? {};
// pulumi config set rotated 2026-12
const rotated = config.get("rotated") ?? "2026-11";

const tenants = ["acme", "globex", "initech"] as const;
const unknownNames = Object.keys(suspended).filter(
  (name) => !tenants.some((tenant) => tenant === name),
);
if (unknownNames.length > 0) {
  throw new pulumi.RunError(`suspended: there is no tenant ${unknownNames.join(", ")}`);
}

function stateOf(tenant: (typeof tenants)[number]): ostor.UserStateName {
  return suspended[tenant] ? "disabled" : "enabled";
}

const acme = new ostor.User("acme", {
  emailAddress: "acme@storage.example",
  state: stateOf("acme"),
});

// One slot is free: the new key is created before the old one is revoked, without interruption.
const backup = new ostor.AccessKey("acme-backup", { user: acme, keepers: { rotated } });

// Both slots are in use: each key is revoked before its replacement is created.
const globex = new ostor.User("globex", {
  emailAddress: "globex@storage.example",
  state: stateOf("globex"),
});
const globexKeys = ["app", "backup"].map(
  (use) =>
    new ostor.AccessKey(`globex-${use}`, {
      user: globex,
      keepers: { rotated },
      replaceOrder: "delete-first",
    }),
);

// The key that the service creates with each user is kept as the user's own key.
const initech = new ostor.User("initech", {
  emailAddress: "initech@storage.example",
  state: stateOf("initech"),
  createAccessKey: true,
});

// The billing system suspends and enables this user: its changes are not drift.
const umbrella = new ostor.User(
  "umbrella",
  { emailAddress: "umbrella@storage.example" },
  { ignoreChanges: ["state"] },
);

// An existing user is adopted by its id, unchanged. Without `adopt`, the error contains the id.
//
//   new ostor.User("hooli", { emailAddress: "hooli@storage.example", adopt: "ca55631f9f3d59dc" });

export const states = {
  acme: acme.state,
  globex: globex.state,
  initech: initech.state,
  umbrella: umbrella.state,
};
export const accessKeyIds = {
  acme: [backup.accessKeyId],
  globex: globexKeys.map((key) => key.accessKeyId),
  initech: [initech.accessKeyId],
};
export const secretAccessKeys = {
  acme: [backup.secretAccessKey],
  globex: globexKeys.map((key) => key.secretAccessKey),
  initech: [initech.secretAccessKey],
};
