import assert from "node:assert/strict";
import { requireSuccess } from "../../engine/harness";
import { useProject } from "../harness";
import { acme } from "../story";

const program = `
resources:
  acme: { type: ostor:User, properties: { emailAddress: ${acme} } }
  key: { type: ostor:AccessKey, properties: { user: "\${acme.emailAddress}", userId: "\${acme.userId}" } }
`;

/** What a message of the plugin names as its fix works as it is printed. */
describe("a program in YAML follows a message", function () {
  this.timeout(300_000);
  const used = useProject("yaml", ["yaml"]);
  const pulumi = (...words: string[]) => used.project.pulumi(words);
  const cluster = () => used.emulator.cluster;
  /** Runs the command that a message contains. */
  const follow = async (output: string, pattern: RegExp, name: string) => {
    const [, ...words] = pattern.exec(output)?.[0].replace("<name>", name).split(" ") ?? [];
    assert.equal(words[0], "import", output);
    const flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    requireSuccess(await pulumi(...words, ...flags));
  };

  it("and imports the user that a killed run left", async () => {
    const { userId } = cluster().createUser(acme);
    for (const { accessKeyId } of cluster().user(acme)?.accessKeys ?? []) {
      cluster().revokeKey(accessKeyId);
    }
    used.project.program(program);
    const { code, output } = await used.project.up();
    assert.notEqual(code, 0, output);
    await follow(output, /pulumi import ostor:index:User <name> [^\s;]+/, "acme");
    const { output: next } = requireSuccess(await used.project.up());
    assert.match(next, /\+ 1 created\n\s+2 unchanged\n/);
    requireSuccess(await used.project.up("--refresh", "--expect-no-changes"));
    assert.equal(cluster().user(acme)?.userId, userId);
  });

  it("and refreshes to remove a user with empty buckets, which are deleted with it", async () => {
    used.project.program(program.replace(`${acme} }`, `${acme}, deleteEmptyBuckets: true }`));
    requireSuccess(await used.project.up());
    cluster().createBucket("inventory", acme);
    const { code, output } = await used.project.destroy();
    assert.notEqual(code, 0, output);
    assert.match(output, /run again with --refresh.*\[buckets-exist\]/);
    assert.equal(cluster().user(acme)?.accessKeys.length, 1);
    requireSuccess(await used.project.destroy("--refresh"));
    assert.deepEqual([cluster().users(), cluster().buckets()], [[], []]);
  });

  it("and corrects a misspelt setting", async () => {
    requireSuccess(await pulumi("config", "set", "ostor:endpont", "https://s3.example.com"));
    const { code, output } = await used.project.preview();
    assert.notEqual(code, 0, output);
    assert.match(output, /ostor:endpont is not a setting .* did you mean ostor:endpoint\?/);
    const [, ...words] = /pulumi config rm ostor:endpont/.exec(output)?.[0].split(" ") ?? [];
    requireSuccess(await pulumi(...words));
    requireSuccess(await used.project.preview());
  });
});
