import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { engineEnvironment, requireSuccess, run, useCluster, type Stack } from "../harness";

const declared = `
const acme = new ostor.User("acme", { emailAddress: "ops@acme.example" });
new ostor.AccessKey("acme-key", { user: acme });
const beta = new ostor.User("beta", { emailAddress: "ops@beta.example" });
new ostor.AccessKey("beta-key", { user: beta });
`;
const stranger = "it's@globex.example";

describe("pulumi-ostor orphans on the engine", () => {
  const used = useCluster();
  const cluster = () => used.emulator.cluster;
  const orphans = () => used.stack.command(["orphans", "--stack", "dev"]);
  let listed = "";

  it("lists exactly what is not in the stack, and changes nothing", async () => {
    used.stack.program(declared);
    requireSuccess(await used.stack.up());
    assert.equal((await orphans()).code, 0);
    cluster().createUser(stranger);
    cluster().generateKey("ops@acme.example");
    const before = cluster().users();
    used.emulator.clearRequests();
    const { code, output } = await orphans();
    assert.equal(code, 7, output);
    listed = output;
    assert.deepEqual([...new Set(used.emulator.requests.map(({ method }) => method))], ["GET"]);
    assert.deepEqual(cluster().users(), before);
    assert.match(output, /2 orphans: 3 users of \S+ compared with stack dev\.\n$/);
  });

  it("prints lines that adopt what it lists; then it lists nothing more, and nothing changes", async () => {
    const before = cluster().users();
    const lines = linesOf(listed, "adopt");
    assert.equal(lines.length, 3);
    const variable = `user_${cluster().user("ops@acme.example")?.userId ?? ""}`;
    const note = ` // ${variable}: the User "acme" of stack "dev"`;
    assert.equal(lines.filter((line) => line.endsWith(note)).length, 1);
    used.stack.program([declared, `const ${variable} = acme;`, ...lines].join("\n"));
    requireSuccess(await used.stack.up());
    assert.deepEqual(cluster().users(), before);
    const { code, output } = await orphans();
    assert.equal(code, 0, output);
    requireSuccess(await used.stack.up("--refresh", "--expect-no-changes"));
    const ids = ["acme-key", "ops-acme.example"].map(async (name) => {
      return (await used.stack.resource(name))?.id;
    });
    assert.deepEqual(
      (await Promise.all(ids)).sort(),
      cluster()
        .user("ops@acme.example")
        ?.accessKeys.map(({ accessKeyId }) => accessKeyId)
        .sort(),
    );
  });

  it("prints lines that a shell runs, and that remove only what they name", async () => {
    const before = cluster().users();
    cluster().createUser("lost@initech.example");
    cluster().generateKey(stranger);
    const lines = linesOf((await orphans()).output, "remove");
    assert.equal(lines.length, 2);
    for (const line of lines) requireSuccess(await paste(used.stack, line));
    assert.deepEqual(cluster().users(), before);
    assert.equal((await orphans()).code, 0);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("does not list users and keys whose ids a program keeps secret", async () => {
    used.stack.program(`
const secretIds = { additionalSecretOutputs: ["userId", "accessKeyId"] };
const hidden = new ostor.User("hidden", {
  emailAddress: pulumi.secret("hidden@x.example"), createAccessKey: true,
}, secretIds);
new ostor.AccessKey("hidden-key", { user: hidden }, secretIds);
${declared}`);
    requireSuccess(await used.stack.up());
    const { code, output } = await orphans();
    assert.match(output, /^No orphans: .*keeps their ids secret: hidden@x\.example\.\n$/);
    assert.equal(code, 0);
  });
});

describe("the adopt lines of a suspended user with a bucket, on the engine", () => {
  // Releases 2.x do not report that a user is suspended.
  const used = useCluster({ assumptions: { statesShown: true } });
  const address = "ops@acme.example";

  it("keep it suspended, and keep its key when its deletion is refused", async () => {
    const { cluster } = used.emulator;
    cluster.createUser(address);
    cluster.createBucket("data", address);
    cluster.setUserState(address, "disabled");
    const before = cluster.user(address);
    const lines = linesOf((await used.stack.command(["orphans"])).output, "adopt");
    assert.equal(lines.length, 2);
    used.stack.program(lines.join("\n"));
    for (let round = 0; round < 2; round += 1) requireSuccess(await used.stack.up());
    assert.deepEqual(cluster.user(address), before);
    used.stack.program("");
    const refused = await used.stack.up();
    assert.match(refused.output, /delete user ops@acme\.example: refused, it owns bucket data/);
    assert.deepEqual(cluster.user(address), before);
    cluster.deleteBucket("data");
    requireSuccess(await used.stack.up());
    assert.equal(cluster.user(address), undefined);
  });
});

function linesOf(output: string, word: string): string[] {
  const found = output.matchAll(new RegExp(`^ +${word}: +(.*)$`, "gm"));
  return [...found].map(([, line]) => line ?? "");
}

/** Runs a line as a shell in the project does; `npx` finds this package's command. */
async function paste({ directory }: Stack, line: string) {
  const bin = join(directory, "bin");
  mkdirSync(bin, { recursive: true });
  const command = join(__dirname, "../../../dist/cli/index.js");
  const npx = `#!/bin/sh\n[ "$1" = pulumi-ostor ] || exit 99\nshift\nexec "${process.execPath}" "${command}" "$@"\n`;
  writeFileSync(join(bin, "npx"), npx, { mode: 0o755 });
  const environment = await engineEnvironment(directory);
  const PATH = [bin, environment["PATH"]].join(delimiter);
  return run("sh", ["-c", line], join(directory, "project"), { ...environment, PATH });
}
