import assert from "node:assert/strict";
import { join } from "node:path";
import { engineEnvironment, requireSuccess, run, useCluster } from "./harness";

const declared = `
const acme = new ostor.User("acme", { emailAddress: "ops@acme.example" });
new ostor.AccessKey("acme-key", { user: acme });
`;
const stranger = "it's@globex.example";

describe("pulumi-ostor orphans on the engine", () => {
  const used = useCluster();
  const cluster = () => used.emulator.cluster;
  const orphans = () => used.stack.command(["orphans", "--stack", "dev"]);
  const linesOf = (output: string, word: string) =>
    [...output.matchAll(new RegExp(`^ +${word}: +(.*)$`, "gm"))].map(([, line]) => line ?? "");
  let told = "";

  it("lists exactly what the stack doesn't hold, and changes nothing", async () => {
    used.stack.program(declared);
    requireSuccess(await used.stack.up());
    assert.equal((await orphans()).code, 0);
    cluster().createUser(stranger);
    cluster().generateKey("ops@acme.example");
    const before = cluster().users();
    used.emulator.clearRequests();
    const { code, output } = await orphans();
    assert.equal(code, 7, output);
    told = output;
    assert.deepEqual([...new Set(used.emulator.requests.map(({ method }) => method))], ["GET"]);
    assert.deepEqual(cluster().users(), before);
    assert.match(output, /2 orphans: 2 users of \S+ compared with stack dev\.\n$/);
  });

  it("gives lines that adopt what it lists, after which nothing is left and nothing changes", async () => {
    const before = cluster().users();
    const lines = linesOf(told, "adopt");
    assert.equal(lines.length, 3);
    used.stack.program([declared, ...lines].join("\n"));
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

  it("gives lines that a shell runs, and that remove just what they name", async () => {
    cluster().createUser("lost@initech.example");
    const before = cluster().users();
    const [line = ""] = linesOf((await orphans()).output, "remove");
    const words = line.replace(/^npx pulumi-ostor /, "");
    assert.match(words, /^delete-user \w+ --stack dev$/);
    requireSuccess(await used.stack.command(words.split(" ")));
    const left = before.filter(({ emailAddress }) => emailAddress !== "lost@initech.example");
    assert.deepEqual(cluster().users(), left);
  });

  for (const [title, environment, reason] of [
    ["a wrong passphrase", { PULUMI_CONFIG_PASSPHRASE: "wrong" }, /incorrect passphrase/],
    ["nobody logged in", { PULUMI_BACKEND_URL: undefined }, /must be set for login/],
  ] as const) {
    it(`ends in one line with ${title}`, async () => {
      const { directory } = used.stack;
      const main = join(__dirname, "..", "..", "dist", "cli", "index.js");
      const env = { ...(await engineEnvironment(directory)), ...environment };
      const cwd = join(directory, "project");
      const { code, output } = await run(process.execPath, [main, "orphans"], cwd, env);
      assert.match(output, reason);
      assert.match(output, /^pulumi-ostor: [^\n]+\n$/);
      assert.equal(code, 1);
    });
  }
});
