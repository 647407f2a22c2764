import assert from "node:assert/strict";
import * as ostor from "../../sdk";
import { useMocks } from "./mocks";

const types = {
  user: "pulumi-nodejs:dynamic/ostor:User",
  key: "pulumi-nodejs:dynamic/ostor:AccessKey",
  rotating: "pulumi-nodejs:dynamic/ostor:RotatingAccessKey",
};

describe("Tenant", () => {
  const engine = useMocks();
  const registered = async (...names: string[]) => {
    await Promise.all(names.map((name) => engine.named(name)));
    return engine.resources.map(({ type, name }) => `${type} ${name}`).sort();
  };

  it("is a user with named keys", async () => {
    const acme = new ostor.Tenant("acme", {
      emailAddress: "ops@acme.example",
      state: "disabled",
      keys: ["app", "backup"],
    });
    assert.deepEqual(await registered("acme-app", "acme-backup"), [
      "ostor:index:Tenant acme",
      `${types.key} acme-app`,
      `${types.key} acme-backup`,
      `${types.user} acme`,
    ]);
    const { inputs } = await engine.named("acme-app");
    assert.equal(inputs["user"], "ops@acme.example");
    assert.ok(acme.keys.backup instanceof ostor.AccessKey);
    const user = engine.resources.find(({ type }) => type === types.user);
    assert.equal(user?.inputs["state"], "disabled");
  });

  it("passes the arguments of each key", async () => {
    new ostor.Tenant("acme", {
      emailAddress: "ops@acme.example",
      keys: { app: { keepers: { rotated: "2026-11" } }, backup: { replaceOrder: "delete-first" } },
    });
    assert.deepEqual((await engine.named("acme-app")).inputs["keepers"], { rotated: "2026-11" });
    assert.equal((await engine.named("acme-backup")).inputs["replaceOrder"], "delete-first");
  });

  it("has no key by default, or rotating keys", async () => {
    const plain = new ostor.Tenant("plain", { emailAddress: "ops@plain.example" });
    assert.deepEqual(plain.keys, {});
    assert.equal(plain.rotating, undefined);
    const acme = new ostor.Tenant("acme", {
      emailAddress: "ops@acme.example",
      rotation: { every: "30d" },
    });
    assert.ok(acme.rotating);
    await registered("plain", "acme");
    const rotating = () => engine.resources.find(({ type }) => type === types.rotating);
    for (let looks = 0; looks < 2000 && !rotating(); looks += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.equal(rotating()?.inputs["every"], "30d");
  });

  it("refuses a third key, a repeated or empty name, and keys together with a rotation", () => {
    const emailAddress = "ops@acme.example";
    assert.throws(
      () => new ostor.Tenant("hooli", { emailAddress, keys: ["app", "app"] }),
      /Tenant hooli: key app is declared twice; give each key its own name/,
    );
    assert.throws(
      () => new ostor.Tenant("initech", { emailAddress, keys: ["app", ""] }),
      /Tenant initech: a key has no name/,
    );
    assert.throws(
      () => new ostor.Tenant("acme", { emailAddress, keys: ["a", "b", "c"] }),
      /Tenant acme: a user can have two access keys, and 3 are declared \(a, b, c\)/,
    );
    assert.throws(
      () => new ostor.Tenant("globex", { emailAddress, keys: ["a"], rotation: { every: "1d" } }),
      /Tenant globex: .*give either keys or rotation/,
    );
  });
});
