import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typeOf, type ResourceName } from "../../cli/resourceTypes";
import { kinds, typesOf } from "../../sdk/frontDoor";
import { useExportPlace } from "./exportPlace";
import { key, stateOf, usePlace, user } from "./place";
import { runHere } from "./runHere";

const signature = "4dabf18193072939515e22adb298388d";
/** How an export shows a secret, and an output. */
const cipher = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:AKgo" };
const output = (value: unknown, secret = false) => ({
  [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  value,
  secret,
});

/** A resource of the plugin in a state. */
function plugin(name: ResourceName, more: object) {
  const type = typeOf(name, "plugin");
  return { urn: `urn:pulumi:dev::p::${type}::${name}`, type, ...more };
}

describe("resources of the dynamic host and of the plugin", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);

  it("have the types that programs register", () => {
    for (const kind of kinds) {
      assert.deepEqual([typeOf(kind, "dynamic"), typeOf(kind, "plugin")], typesOf(kind));
    }
  });

  it("are adopted by import where all stacks are of the plugin", async () => {
    const [tenant, lost] = ["own@x.example", "o'lost@x.example"].map(create);
    place.states["selected"] = stateOf([plugin("User", { outputs: { userId: tenant?.userId } })]);
    const { stdout } = await place.run(["orphans"]);
    const keyId = lost?.accessKeys[0]?.accessKeyId ?? "";
    for (const line of [
      `pulumi import ostor:index:User o-lost-x.example 'o'\\''lost@x.example'`,
      `pulumi import ostor:index:AccessKey o-lost-x.example ${keyId}`,
      `pulumi import ostor:index:AccessKey own-x.example ${tenant?.accessKeys[0]?.accessKeyId ?? ""}`,
    ]) {
      assert.ok(stdout.includes(`  adopt:  ${line}\n`), stdout);
    }
    assert.ok(!stdout.includes("new ostor"), stdout);
  });

  it("are both in a stack that contains both", async () => {
    const [old, tenant, rotated] = ["old@x.example", "new@x.example", "rotated@x.example"].map(
      create,
    );
    const keyOf = (each: typeof old) => each?.accessKeys[0]?.accessKeyId ?? "";
    const second = place.emulator.cluster.generateKey("new@x.example").accessKeyId;
    place.states["selected"] = stateOf([
      user(old?.userId ?? ""),
      key(keyOf(old)),
      plugin("User", { outputs: { userId: output(tenant?.userId), accessKeyId: keyOf(tenant) } }),
      plugin("AccessKey", { id: second, outputs: { secretAccessKey: output("s", true) } }),
      plugin("User", { outputs: { userId: rotated?.userId } }),
      plugin("RotatingAccessKey", {
        id: rotated?.userId,
        outputs: { userId: rotated?.userId, accessKeyId: output(keyOf(rotated)) },
      }),
    ]);
    const { code, stdout } = await place.run(["orphans"]);
    assert.match(stdout, /^No orphans: 3 users of /);
    assert.equal(code, 0);
    for (const words of [
      ["delete-user", tenant?.userId ?? ""],
      ["revoke-key", second],
      ["revoke-key", keyOf(rotated)],
    ]) {
      assert.match((await place.run(words)).stderr, /it is in a stack/);
    }
    assert.deepEqual(place.written(), []);
  });

  it("count as in a stack if their ids are secret, wrapped or not", async () => {
    const { userId } = create("Hidden@x.example");
    for (const secret of [cipher, output(cipher, true)]) {
      place.states["selected"] = stateOf([
        plugin("User", { id: "hidden@x.example", outputs: { userId, accessKeyId: secret } }),
      ]);
      const { code, stdout } = await place.run(["orphans"]);
      assert.match(stdout, /because a stack keeps their ids secret: Hidden@x\.example\.\n$/);
      assert.equal(code, 0);
    }
  });

  it("are marked while the plugin creates them", async () => {
    const { userId } = create("lost@x.example");
    const resource = plugin("AccessKey", { inputs: { user: output("Lost@x.example") } });
    place.states["selected"] = stateOf([], [{ type: "creating", resource }]);
    const { stderr } = await place.run(["delete-user", userId]);
    assert.match(stderr, /\[being-created\]\n$/);
  });

  it("are not those of a component or of a provider", async () => {
    const { userId } = create("lost@x.example");
    const component = { urn: "u", type: "ostor:index:Tenant", outputs: { userId } };
    const provider = { urn: "u", type: "pulumi:providers:ostor", outputs: { userId } };
    place.states["selected"] = stateOf([component, provider]);
    assert.equal((await place.run(["orphans"])).code, 7);
  });

  it("are compared in an event log", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-drift-"));
    try {
      const file = join(folder, "drift.log");
      writeFileSync(file, loggedSuspension());
      const { code, stdout } = await runHere(["drift", file], {});
      assert.match(stdout, /^Drift: 1 difference; 1 resource of stack dev compared/);
      assert.match(stdout, /^user a@x\.example {5}state {5}enabled {3}disabled$/m);
      assert.equal(code, 7);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("pulumi-ostor export --format import-plugin", function () {
  this.timeout(60_000);
  const place = useExportPlace();

  it("writes types, names and ids, and nothing else", async () => {
    const { cluster } = place.emulator;
    const { emailAddress, accessKeys } = cluster.createUser("ops@acme.example");
    cluster.createBucket("data", emailAddress);
    const { code, stdout, stderr } = await place.export("--format", "import-plugin");
    assert.equal(code, 0, stderr);
    const [{ accessKeyId, secretAccessKey } = { accessKeyId: "", secretAccessKey: "?" }] =
      accessKeys;
    const text = place.file("import.json");
    assert.deepEqual(JSON.parse(text), {
      resources: [
        { type: "ostor:index:User", name: "ops-acme.example", id: emailAddress },
        {
          type: "ostor:index:AccessKey",
          name: `ops-acme.example-${accessKeyId.slice(16)}`,
          id: accessKeyId,
        },
        { type: "ostor:index:Bucket", name: "data", id: "data" },
      ],
      leftOut: [],
    });
    assert(!text.includes(secretAccessKey));
    assert.match(stdout, /^Next: pulumi import --cwd \S+ --file \S+import\.json$/m);
    assert.doesNotMatch(stdout, /secret/);
    const { mode } = statSync(join(place.folder, "tenants", "import.json"));
    assert.notEqual(mode & 0o040, 0, "others may read it");
  });

  it("writes the resources that the file of the dynamic types has", async () => {
    const { cluster } = place.emulator;
    for (const name of ["a", "b"]) cluster.createUser(`${name}@x.example`);
    const resources: { type: string; name: string; id: string }[][] = [];
    for (const format of ["import", "import-plugin"]) {
      await place.export("--format", format, "--force");
      resources.push((JSON.parse(place.file("import.json")) as { resources: [] }).resources);
    }
    const [dynamic = [], ids = []] = resources.map((each) =>
      each.map(({ type, name, id }) => [type.replace(/.*:/, ""), name, id]),
    );
    assert.equal(ids.length, 4);
    assert.deepEqual(ids, dynamic);
  });
});

function loggedSuspension(): string {
  const { type, urn } = plugin("User", {});
  const of = (state: string) => {
    const inputs = { emailAddress: "a@x.example", state };
    return { id: "a@x.example", inputs, outputs: inputs };
  };
  const metadata = { op: "refresh", type, urn, old: of("enabled"), new: of("enabled") };
  const events = [
    { preludeEvent: { config: {} } },
    { resourcePreEvent: { metadata } },
    { resOutputsEvent: { metadata: { ...metadata, op: "update", new: of("disabled") } } },
    { summaryEvent: { isPreview: true, result: "succeeded", resourceChanges: { update: 1 } } },
  ];
  return events.map((each, sequence) => `${JSON.stringify({ sequence, ...each })}\n`).join("");
}
