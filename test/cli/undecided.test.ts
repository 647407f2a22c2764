import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { key, stateOf, usePlace, user } from "./place";

const userType = "pulumi-nodejs:dynamic/ostor:User";
/** How an export shows a secret. */
const cipher = { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "v1:AKgo" };

interface Listing {
  undecided: string[];
  orphans: {
    kind: string;
    emailAddress: string;
    accessKeyIds: string[];
    interruptedIn: string[];
  }[];
}

describe("pulumi-ostor, if something may be in a stack", function () {
  this.timeout(60_000);
  const place = usePlace();
  const create = (emailAddress: string) => place.emulator.cluster.createUser(emailAddress);
  const listing = async () =>
    JSON.parse((await place.run(["orphans", "--json"])).stdout) as Listing;

  it("lists nothing that a run creates and records while the cluster is read", async () => {
    place.emulator.failNext({ kind: "lateBefore", delayMs: 1500, operation: "listUsers" });
    const running = place.run(["orphans"]);
    while (place.emulator.requests.length === 0) await wait(5);
    const created = create("new@x.example");
    const [ownKey] = created.accessKeys;
    place.states["selected"] = stateOf([user(created.userId), key(ownKey?.accessKeyId ?? "")]);
    place.publish();
    const { code, stdout } = await running;
    assert.match(stdout, /^No orphans: 1 user of /);
    assert.equal(code, 0);
  });

  it("counts users and keys whose ids are secret as in the stack, and says so", async () => {
    const hidden = create("Hidden@x.example");
    const known = create("known@x.example");
    const [own] = known.accessKeys;
    place.emulator.cluster.generateKey("Hidden@x.example");
    place.states["selected"] = stateOf([
      user("", { id: "hidden@x.example", outputs: { userId: cipher, accessKeyId: cipher } }),
      user(known.userId, { id: "known@x.example" }),
      key("", { id: own?.accessKeyId, outputs: { accessKeyId: cipher } }),
    ]);
    const { code, stdout } = await place.run(["orphans"]);
    assert.match(
      stdout,
      /^No orphans: .*; counted as in a stack, because a stack keeps their ids secret: Hidden@x\.example\.\n$/,
    );
    assert.equal(code, 0);
    assert.deepEqual((await listing()).undecided, ["Hidden@x.example"]);
    const refused = await place.run(["delete-user", hidden.userId]);
    assert.match(refused.stderr, /it is in a stack/);
    assert.deepEqual(place.written(), []);
  });

  it("counts rotating keys whose ids are secret as in the stack, and says so", async () => {
    const { userId, accessKeys } = create("Rotated@x.example");
    const keyId = accessKeys[0]?.accessKeyId ?? "";
    const type = "pulumi-nodejs:dynamic/ostor:RotatingAccessKey";
    const rotating = { urn: `urn:pulumi:dev::p::${type}::k`, type, id: userId };
    for (const [users, ids] of [
      [[user(userId)], { accessKeyId: cipher, previousAccessKeyId: cipher }],
      [[user(userId)], { accessKeyId: "another", previousAccessKeyId: cipher }],
      [[], { userId: cipher, accessKeyId: cipher }],
    ] as const) {
      place.states["selected"] = stateOf([...users, { ...rotating, outputs: { userId, ...ids } }]);
      const { code, stdout } = await place.run(["orphans"]);
      assert.match(
        stdout,
        /^No orphans: .*; counted as in a stack, because a stack keeps their ids secret: Rotated@x\.example\.\n$/,
      );
      assert.equal(code, 0);
    }
    for (const words of [
      ["revoke-key", keyId],
      ["delete-user", userId],
    ]) {
      assert.match((await place.run(words)).stderr, /it is in a stack/);
      assert.deepEqual(place.written(), []);
    }
    const plain = { userId, accessKeyId: "another", previousAccessKeyId: undefined };
    place.states["selected"] = stateOf([user(userId), { ...rotating, outputs: plain }]);
    assert.deepEqual(
      (await listing()).orphans.map(({ accessKeyIds }) => accessKeyIds),
      [[keyId]],
      "an id that is not secret is compared",
    );
  });

  it("marks a key of a user that is being updated, because an update may generate a key", async () => {
    const { userId } = create("ops@acme.example");
    const updating = user(userId, { id: "ops@acme.example" });
    place.states["selected"] = stateOf([updating], [{ type: "updating", resource: updating }]);
    const { orphans } = await listing();
    assert.deepEqual(
      orphans.map(({ kind, interruptedIn }) => [kind, interruptedIn]),
      [["key", ["selected"]]],
    );
  });

  it("marks all users while something is being created for a secret address", async () => {
    create("lost@x.example");
    const resource = { urn: `urn:pulumi:dev::p::${userType}::u`, type: userType };
    const creating = { ...resource, inputs: { emailAddress: cipher } };
    place.states["selected"] = stateOf([], [{ type: "creating", resource: creating }]);
    const { orphans } = await listing();
    assert.deepEqual(
      orphans.map(({ interruptedIn }) => interruptedIn),
      [["selected"]],
    );
  });

  it("names the stack whose settings are incomplete", async () => {
    place.states = { one: stateOf([]) };
    delete place.config["ostor:endpoint"];
    const { stderr } = await place.run(["orphans", "--stack", "one"]);
    assert.match(
      stderr,
      /^pulumi-ostor: stack one: ostor:endpoint is not set; run: pulumi config set --stack one ostor:endpoint /,
    );
  });

  it("prints no endpoint for a stack of another project, whose configuration is not in the folder", async () => {
    const elsewhere = { ...place.config, "ostor:endpoint": { value: "https://s3.eu.example" } };
    place.states = { one: stateOf([]), "organization/b/one": stateOf([]) };
    place.configOf["organization/b/one"] = elsewhere;
    const { stdout } = await place.run([
      "orphans",
      "--stack",
      "one",
      "--stack",
      "organization/b/one",
    ]);
    assert.match(stdout, / compared with stacks one, organization\/b\/one\.\n$/);
  });

  it("needs only the passphrase of the stack that provides the settings", async () => {
    const { userId, accessKeys } = create("ops@acme.example");
    place.states = {
      one: stateOf([]),
      two: stateOf([user(userId), key(accessKeys[0]?.accessKeyId ?? "")]),
    };
    place.locked = ["two"];
    const { code, stderr } = await place.run(["orphans"]);
    assert.equal(code, 0, stderr);
    place.locked = ["one"];
    place.current = "two";
    const selected = await place.run(["orphans"]);
    assert.equal(selected.code, 0, "the selected stack provides the settings");
  });
});
