import * as pulumi from "@pulumi/pulumi";
import * as ostor from "pulumi-ostor";

const config = new pulumi.Config();
// pulumi config set --path suspended.acme true
const suspended = config.getObject<Record<string, boolean>>("suspended") ?? {};
// pulumi config set rotated 2026-12
const rotated = config.get("rotated") ?? "2026-11";

const tenants = ["acme", "globex", "initech"] as const;
const strangers = Object.keys(suspended).filter(
  (name) => !tenants.some((tenant) => tenant === name),
);
if (strangers.length > 0) {
  throw new pulumi.RunError(`suspended: there is no tenant ${strangers.join(", ")}`);
}

function stateOf(tenant: (typeof tenants)[number]): ostor.UserStateName {
  return suspended[tenant] ? "disabled" : "enabled";
}

const acme = new ostor.User("acme", {
  emailAddress: "acme@storage.example",
  state: stateOf("acme"),
});

// The other slot is free: the new pair is there before the old one is revoked, and nobody is cut off.
const backup = new ostor.AccessKey("acme-backup", { user: acme, keepers: { rotated } });

// Both slots are taken, and the service knows no third pair: one has to go before the next one comes.
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

// The pair that the service makes with each user is kept as its own: no slot for a rotation is needed.
const initech = new ostor.User("initech", {
  emailAddress: "initech@storage.example",
  state: stateOf("initech"),
  createAccessKey: true,
});

// Suspended and enabled by the billing system: what it does is no drift.
const umbrella = new ostor.User(
  "umbrella",
  { emailAddress: "umbrella@storage.example" },
  { ignoreChanges: ["state"] },
);

// A user that exists already is taken over by its id, as it is; without `adopt`, the error names the id.
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
