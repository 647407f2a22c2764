import assert from "node:assert/strict";
import type { Emulator } from "../../../emulator";
import { requireSuccess, useCluster, type Stack } from "../harness";
import { reportsOf, setStored } from "../stateReports";

const kinds = `
for (const name of ["deleted", "again", "off", "on", "key", "fine1", "fine2", "fine3", "fine4"]) {
  const state = name === "on" ? "disabled" : "enabled";
  const user = new ostor.User(name, { emailAddress: name + "@x.example", state });
  new ostor.AccessKey(name + "-key", { user });
}
new ostor.User("own", { emailAddress: "own@x.example", createAccessKey: true });
new ostor.User("flagged", { emailAddress: "flagged@x.example" });
new ostor.User("moved", { emailAddress: "moved@x.example" });
for (const name of ["both", "current", "previous"]) {
  const user = new ostor.User(name, { emailAddress: name + "@x.example" });
  new ostor.RotatingAccessKey(name + "-keys", { user, generation: GENERATION });
}
new ostor.User("hidden", { emailAddress: pulumi.secret("hidden@x.example") },
  { additionalSecretOutputs: ["emailAddress"] });
for (const name of BUCKETS) new ostor.Bucket(name, { name });`;

const buckets = ["gone", "given", "again", "kept"];
const program = (generation: number, names: string[]) =>
  kinds.replace("GENERATION", String(generation)).replace("BUCKETS", JSON.stringify(names));

/** Changes the cluster in each way that is detected. */
async function changeAll({ cluster }: Emulator, stack: Stack): Promise<void> {
  const idIn = async (name: string, property = "accessKeyId") =>
    String((await stack.resource(name))?.outputs?.[property]);
  cluster.deleteUser("deleted@x.example");
  cluster.deleteUser("again@x.example");
  cluster.createUser("again@x.example");
  cluster.setUserState("off@x.example", "disabled");
  cluster.setUserState("on@x.example", "enabled");
  cluster.setUserState("hidden@x.example", "disabled");
  cluster.revokeKey(await idIn("key-key"));
  cluster.revokeKey(await idIn("own"));
  for (const name of ["both", "current"]) cluster.revokeKey(await idIn(`${name}-keys`));
  for (const name of ["both", "previous"]) {
    cluster.revokeKey(await idIn(`${name}-keys`, "previousAccessKeyId"));
  }
  cluster.deleteBucket("gone");
  cluster.setBucketOwner("given", "fine2@x.example");
  cluster.deleteBucket("again");
  cluster.createBucket("again", "fine1@x.example");
  await setStored(stack, "flagged@x.example", { flags: ["trial"] });
  await setStored(stack, "moved@x.example", { ownerId: "0123456789abcdef" });
}

describe("pulumi-ostor drift of every kind", function () {
  this.timeout(300_000);
  const used = useCluster();

  it("agrees with the event log of a refresh, line by line", async () => {
    const { stack, emulator } = used;
    stack.program(program(1, []));
    requireSuccess(await stack.up());
    for (const name of buckets) emulator.cluster.createBucket(name, "fine1@x.example");
    stack.program(program(2, buckets));
    requireSuccess(await stack.up());
    const same = await reportsOf(stack);
    assert.deepEqual([same.fast.code, same.rows.fast, same.rows.logged], [0, [], []]);
    await changeAll(emulator, stack);
    const { fast, rows } = await reportsOf(stack);
    assert.equal(fast.code, 7, fast.output);
    assert.deepEqual(rows.fast, rows.logged);
    const named = rows.fast.map((row) => {
      const { kind, name, property } = JSON.parse(row) as Record<string, string>;
      return [kind, name, property].join(" ");
    });
    assert.deepEqual(named.sort(), [
      "bucket again exists",
      "bucket given exists",
      "bucket gone exists",
      "key again-key exists",
      "key both-keys accessKeyId",
      "key both-keys previousAccessKeyId",
      "key current-keys accessKeyId",
      "key deleted-key exists",
      "key key-key exists",
      "key previous-keys previousAccessKeyId",
      "user again exists",
      "user deleted exists",
      "user flagged flags",
      "user hidden state",
      "user moved ownerId",
      "user off state",
      "user on state",
      "user own createAccessKey",
    ]);
    assert(!fast.output.includes("hidden@"), "a secret address is not printed");
  });

  it("reads the stack that PULUMI_STACK names, and all stacks of the project", async () => {
    const { stack } = used;
    requireSuccess(await stack.pulumi(["stack", "init", "other", "--copy-config-from", "dev"]));
    const one = await stack.command(["drift", "--json"], { PULUMI_STACK: "dev" });
    assert.equal((JSON.parse(one.output) as { stack: string }).stack, "dev");
    const all = await stack.command(["drift", "--json", "--all"]);
    const { stacks } = JSON.parse(all.output) as { stacks: { stack: string; result: string }[] };
    assert.deepEqual(
      stacks.map(({ stack: name, result }) => [name, result]),
      [
        ["other", "same"],
        ["dev", "differs"],
      ],
    );
  });
});
