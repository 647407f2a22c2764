import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, useCluster, type StoredResource } from "../harness";

const address = "ops@acme.example";
// `key` names its user by address. With a User object as dependency, the engine would order the resources.
const user = (name: string, args = "") =>
  `new ostor.User("${name}", { emailAddress: "${address}", ${args} });`;
const key = (name: string, args = "") =>
  `new ostor.AccessKey("${name}", { user: "${address}", ${args} });`;

describe("two resources for one user and for one key on the engine", () => {
  const used = useCluster();
  const onCluster = () => used.emulator.cluster.user(address);
  const ids = () => onCluster()?.accessKeys.map(({ accessKeyId }) => accessKeyId);

  /** Adds a copy of each resource to the state under another name, as older releases allowed. */
  async function copy(): Promise<void> {
    const { output } = requireSuccess(
      await used.stack.pulumi(["stack", "export", "--show-secrets"]),
    );
    const exported = JSON.parse(output) as { deployment: { resources: StoredResource[] } };
    const { deployment } = exported;
    const ours = deployment.resources.filter(({ type }) => type.includes("/ostor:"));
    deployment.resources.push(...ours.map((each) => ({ ...each, urn: `${each.urn}-twin` })));
    const file = join(used.stack.directory, "twins.json");
    writeFileSync(file, JSON.stringify(exported));
    requireSuccess(await used.stack.pulumi(["stack", "import", "--file", file]));
  }

  const twins = [user("acme"), key("key")];
  const copies = [user("acme-twin"), key("key-twin")];

  it("are refused in one program, without an adopt line", async () => {
    used.stack.program(twins[0] ?? "");
    requireSuccess(await used.stack.up());
    used.stack.program(`${twins[0] ?? ""} ${user("twin")}`);
    const { code, output } = await used.stack.up();
    assert.notEqual(code, 0);
    assert.match(output, /of this program declares .*already; remove one of the two/);
    assert.doesNotMatch(output, /adopt: "/);
    used.stack.program(twins.join(" "));
    requireSuccess(await used.stack.up());
  });

  for (const [which, stay, flags] of [
    ["second", twins, []],
    ["first", copies, ["--refresh"]],
    ["second", twins, ["--refresh", "--run-program"]],
  ] as const) {
    it(`stay on the cluster when the ${which} resources leave the program: up ${flags.join(" ")}`, async () => {
      const before = onCluster();
      // The previous test may leave the resources under the names of the copies. Rename them back.
      await rename();
      await copy();
      used.stack.program(stay.join(" "));
      const { output } = requireSuccess(await used.stack.up(...flags));
      assert.match(output, /user ops@acme\.example is not deleted: a resource of this program/);
      assert.match(output, /key \w+ of user ops@acme\.example is not revoked: a resource of this/);
      assert.deepEqual(onCluster(), before);
      requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    });
  }

  it("are deleted by a destroy that refreshes", async () => {
    await copy();
    requireSuccess(await used.stack.destroy("--refresh"));
    assert.equal(onCluster(), undefined);
    assert.equal(ids(), undefined);
  });

  async function rename(): Promise<void> {
    const { output } = requireSuccess(
      await used.stack.pulumi(["stack", "export", "--show-secrets"]),
    );
    const file = join(used.stack.directory, "renamed.json");
    writeFileSync(file, output.replaceAll("-twin", ""));
    requireSuccess(await used.stack.pulumi(["stack", "import", "--file", file]));
  }
});

describe("a resource that is only read, on the engine", () => {
  const used = useCluster();

  it("must exist; when it does not exist any more, up fails and a refresh reports drift", async () => {
    const program = `const found = ostor.User.get("found", "${address}"); exports.url = pulumi.interpolate\`s3://\${found.userId}@storage\`;`;
    used.stack.program(program);
    for (const command of ["preview", "up"] as const) {
      const { code, output } = await used.stack[command]();
      assert.notEqual(code, 0);
      assert.match(output, /read user ops@acme\.example: the user does not exist on the cluster/);
    }
    used.emulator.cluster.createUser(address);
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
    used.emulator.cluster.deleteUser(address);
    const drift = await used.stack.pulumi(["refresh", "--preview-only", "--expect-no-changes"]);
    assert.equal(drift.code, 7, drift.output);
    const preview = await used.stack.preview("--refresh", "--expect-no-changes");
    assert.notEqual(preview.code, 0);
    assert.match(preview.output, /read user ops@acme\.example: the user does not exist/);
    assert.notEqual((await used.stack.up()).code, 0);
    used.stack.program("");
    requireSuccess(await used.stack.up());
  });
});

describe("a property that is wrong on the engine", () => {
  const used = useCluster();

  it("is named without its value, which may be a secret or missing", async () => {
    for (const [declared, reason] of [
      [`User("u", { emailAddress: pulumi.secret("SENTINEL") })`, /emailAddress must be an e-mail/],
      [`AccessKey("k", { keepers: { when: new Date() } })`, /user is missing/],
      [`AccessKey("k", { user: "${address}", keepers: { when: new Date() } })`, /toISOString/],
    ] as const) {
      used.stack.program(`new ostor.${declared};`);
      const { code, output } = await used.stack.preview();
      assert.notEqual(code, 0);
      assert.match(output, reason);
      assert.doesNotMatch(output, /SENTINEL|value \{/);
    }
  });
});
