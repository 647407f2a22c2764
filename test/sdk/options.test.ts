import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { resourceOptions } from "../../sdk/options";
import { tenantOptions } from "../../sdk/tenantOptions";
import { useMocks } from "./mocks";

const types = { User: "ostor:User", AccessKey: "ostor:AccessKey" };

/** The options that the installed SDK declares. */
function declaredOptions(): string[] {
  const text = readFileSync(require.resolve("@pulumi/pulumi/resource.d.ts"), "utf8");
  const names = ["ResourceOptions", "CustomResourceOptions", "ComponentResourceOptions"];
  return names.flatMap((name) => {
    const body = new RegExp(`export interface ${name}\\b[^{]*\\{([\\s\\S]*?)\\n\\}`).exec(
      text,
    )?.[1];
    assert(body, name);
    return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, option = ""]) => option);
  });
}

describe("options of Pulumi", () => {
  const engine = useMocks();
  const address = { emailAddress: "ops@acme.example" };
  const makers = {
    User: (opts: object) => new ostor.User("acme", address, opts),
    AccessKey: (opts: object) => new ostor.AccessKey("acme", { user: "ops@acme.example" }, opts),
    RotatingAccessKey: (opts: object) =>
      new ostor.RotatingAccessKey("acme", { user: "ops@acme.example", generation: 0 }, opts),
    Bucket: (opts: object) => new ostor.Bucket("acme", { name: "data" }, opts),
    Tenant: (opts: object) => new ostor.Tenant("acme", address, opts),
  };
  const values: Record<string, unknown> = {
    import: "ops@acme.example",
    urn: "urn:pulumi:dev::engine::pulumi-nodejs:dynamic/ostor:User::acme",
    customTimeouts: { create: "1m" },
    replaceOnChanges: ["state"],
    version: "1.0.0",
    pluginDownloadURL: "https://plugins.example.com",
    envVarMappings: { A: "B" },
  };
  const refused = (kind: string, option: string) => (error: unknown) =>
    pulumi.RunError.isInstance(error) &&
    error.message.startsWith(`${kind} acme: option ${option}`) &&
    !error.message.includes("\n");

  it("are all known to resources and to Tenant", () => {
    const declared = declaredOptions();
    assert(declared.length > 20);
    assert.deepEqual(
      declared.filter((option) => !(option in resourceOptions)),
      [],
    );
    assert.deepEqual(
      declared.filter((option) => !(option in tenantOptions)),
      [],
    );
  });

  for (const [kind, make] of Object.entries(makers)) {
    it(`are refused by name if a dynamic provider ignores them: ${kind}`, () => {
      const expected = Object.entries(resourceOptions).filter(([, refusal]) => refusal);
      assert.deepEqual(expected.map(([option]) => option).sort(), Object.keys(values).sort());
      for (const [option, value] of Object.entries(values)) {
        assert.throws(() => make({ [option]: value }), refused(kind, option), option);
      }
    });

    if (kind === "Tenant") continue;
    it(`are refused if a transformation sets them: ${kind}`, () => {
      for (const [option, value] of Object.entries(values).filter(([option]) => option !== "urn")) {
        const transformations: pulumi.ResourceTransformation[] = [
          ({ props, opts }) => ({ props, opts: { ...opts, [option]: value } }),
        ];
        assert.throws(() => make({ transformations }), refused(kind, option), option);
        const parent = new pulumi.ComponentResource("test:index:P", "p", {}, { transformations });
        assert.throws(() => make({ parent }), refused(kind, option), option);
      }
    });
  }

  it("name adopt instead of import", () => {
    for (const kind of ["User", "AccessKey", "RotatingAccessKey", "Tenant"] as const) {
      assert.throws(() => makers[kind]({ import: "x" }), /set adopt/);
    }
  });

  it("delete a User before its replacement, also if a transformation sets another value", async () => {
    const transformations: pulumi.ResourceTransformation[] = [
      ({ props, opts }) => ({ props, opts: { ...opts, deleteBeforeReplace: false } }),
    ];
    makers.User({ transformations });
    assert.equal((await engine.named("acme")).deleteBeforeReplace, true);
  });

  describe("of a Tenant", () => {
    const declare = (opts: object) =>
      new ostor.Tenant("acme", { ...address, keys: ["app"], state: "disabled" }, opts);
    const user = async () => {
      await engine.named("acme-app");
      const found = engine.resources.find(({ type }) => type.endsWith(types.User));
      assert(found);
      return found;
    };

    it("apply to the user and the keys that have the named properties", async () => {
      declare({ ignoreChanges: ["state", 'keepers["rotated"]', "adopt"], hideDiffs: ["state"] });
      const key = await engine.named("acme-app");
      assert.deepEqual((await user()).ignoreChanges, ["state", "adopt"]);
      assert.deepEqual(key.ignoreChanges, ['keepers["rotated"]', "adopt"]);
      assert.deepEqual((await user()).hideDiffs, ["state"]);
    });

    it("apply to all children: protect, retainOnDelete, hooks, dependsOn", async () => {
      const other = new ostor.Bucket("other", { name: "other" });
      declare({ protect: true, retainOnDelete: true, dependsOn: other });
      for (const each of [await user(), await engine.named("acme-app")]) {
        assert.deepEqual([each.protect, each.retainOnDelete], [true, true]);
        assert(each.dependencies.some((urn) => urn.endsWith("::other")));
      }
    });

    it("are refused by name if no child can have them", () => {
      const cases: Record<string, unknown> = {
        id: "x",
        replacementTrigger: "x",
        replaceWith: [new ostor.Bucket("other", { name: "other" })],
        deleteBeforeReplace: true,
        additionalSecretOutputs: ["flags"],
        ignoreChange: ["state"],
      };
      for (const [option, value] of Object.entries(cases)) {
        assert.throws(() => declare({ [option]: value }), refused("Tenant", option), option);
      }
      assert.throws(
        () => declare({ ignoreChanges: ["keys"] }),
        /Tenant acme: option ignoreChanges: \["keys"\] is not supported: .*emailAddress, state/,
      );
    });

    it("apply to one child by a transformation", async () => {
      const transformations: pulumi.ResourceTransformation[] = [
        ({ resource, props, opts }) =>
          resource instanceof ostor.AccessKey
            ? { props, opts: pulumi.mergeOptions(opts, { protect: true }) }
            : undefined,
      ];
      declare({ transformations });
      assert.equal((await engine.named("acme-app")).protect, true);
      assert.equal((await user()).protect, false);
    });

    it("have no alias without movedFrom or aliases", async () => {
      declare({});
      assert.deepEqual((await user()).aliases, []);
      new ostor.Tenant("globex", { ...address, movedFrom: "stack", keys: ["app"] });
      const { aliases } = await engine.named("globex-app");
      assert.deepEqual(
        aliases.map((urn) => urn.split("::").slice(2).join("::")),
        ["pulumi-nodejs:dynamic/ostor:AccessKey::globex-app"],
      );
    });
  });
});

describe("a key whose user stays on the cluster", () => {
  const engine = useMocks();
  type Change = pulumi.CustomResourceOptions;
  const args = { emailAddress: "ops@acme.example" };
  const set = (change: Change): pulumi.ResourceTransformation[] => [
    ({ type, props, opts }) =>
      type.endsWith("ostor:User") ? { props, opts: { ...opts, ...change } } : undefined,
  ];
  const withKey = async (user: ostor.User, opts: Change = {}) => {
    new ostor.AccessKey("app", { user }, opts);
    return (await engine.named("app")).deletedWith;
  };

  it("is revoked by itself, also if a transformation sets the user's retainOnDelete or id", async () => {
    for (const change of [{ retainOnDelete: true }, { id: "ops@acme.example" }]) {
      engine.resources.length = 0;
      const user = new ostor.User("acme", args, { transformations: set(change) });
      assert.equal(await withKey(user), "");
    }
  });

  it("is revoked by itself if a parent component of the user is retained", async () => {
    const parent = new pulumi.ComponentResource("test:index:P", "p", {}, { retainOnDelete: true });
    const inner = new pulumi.ComponentResource("test:index:P", "inner", {}, { parent });
    assert.equal(await withKey(new ostor.User("acme", args, { parent: inner })), "");
  });

  it("is revoked by itself if the user is protected and the key is not", async () => {
    assert.equal(await withKey(new ostor.User("acme", args, { protect: true })), "");
  });

  it("is deleted with a protected user if it is protected too", async () => {
    const user = new ostor.User("acme", args, { protect: true });
    assert.match(await withKey(user, { protect: true }), /ostor:User::acme$/);
  });

  it("refuses another resource in deletedWith", () => {
    const user = new ostor.User("acme", args);
    const other = new ostor.Bucket("other", { name: "other" });
    assert.throws(
      () => new ostor.AccessKey("app", { user }, { deletedWith: other }),
      /AccessKey app: option deletedWith is not supported: a key is deleted with its user/,
    );
  });
});
