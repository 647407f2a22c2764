import assert from "node:assert/strict";
import { requireSuccess } from "../../engine/harness";
import { useProject } from "../harness";
import { acme, guest } from "../story";

const user = (properties: string, options = "") =>
  `resources: { acme: { type: ostor:User, properties: { ${properties} }, options: { ${options} } } }\n`;

describe("a program in YAML, in detail", function () {
  this.timeout(300_000);
  const used = useProject("yaml", ["yaml"]);
  const cluster = () => used.emulator.cluster;
  /** Runs a preview that must fail before any request, and returns its output. */
  const refusal = async (program: string) => {
    used.project.program(program);
    used.emulator.clearRequests();
    const { code, output } = await used.project.preview();
    assert.notEqual(code, 0, output);
    assert.deepEqual(used.emulator.requests, []);
    return output;
  };

  it("is checked against the schema at preview", async () => {
    assert.match(
      await refusal(user(`emailAddress: ${acme}, state: off`)),
      /[Aa]llowed values are "enabled", "disabled"/,
    );
    assert.match(await refusal(user(`emailAdress: ${acme}`)), /emailAdress/);
    assert.match(await refusal(user("")), /[Mm]issing required property '?emailAddress/);
  });

  it("imports a user that differs from the program, and updates it in the same run", async () => {
    cluster().createUser(acme);
    cluster().setUserState(acme, "disabled");
    const before = cluster().user(acme);
    used.project.program(user(`emailAddress: ${acme}`, `import: ${acme}`));
    const { output } = requireSuccess(await used.project.up());
    assert.match(output, /= 1 imported/);
    assert.deepEqual(
      [cluster().user(acme)?.userId, cluster().user(acme)?.state],
      [before?.userId, "enabled"],
    );
    requireSuccess(await used.project.up("--refresh", "--expect-no-changes"));
  });

  it("replaces a user and a key that its options replace, and gives an output of one resource to another", async () => {
    const address = "replaced@x.example";
    const program = (state: string) => `resources:
  first:
    type: ostor:User
    properties: { emailAddress: ${address}, state: ${state} }
    options: { replaceOnChanges: [state], deleteBeforeReplace: true }
  second:
    type: ostor:User
    properties: { emailAddress: second@x.example, state: "\${first.state}" }
  key:
    type: ostor:AccessKey
    properties: { user: "\${first.emailAddress}", userId: "\${first.userId}" }
    options: { deletedWith: "\${first}" }
`;
    used.project.program(program("enabled"));
    requireSuccess(await used.project.up());
    const before = cluster().user(address);
    used.project.program(program("disabled"));
    requireSuccess(await used.project.up());
    const after = cluster().user(address);
    assert.notEqual(after?.userId, before?.userId);
    assert.deepEqual([after?.state, after?.accessKeys.length], ["disabled", 1]);
    assert.equal(cluster().user("second@x.example")?.state, "disabled");
    requireSuccess(await used.project.up("--refresh", "--expect-no-changes"));
  });

  it("prints the program of an imported user, and reports one that does not exist", async () => {
    cluster().createUser(guest);
    const importOf = (name: string, id: string) =>
      used.project.pulumi(["import", "ostor:index:User", name, id, "--yes", "--skip-preview"]);
    const { output } = requireSuccess(await importOf("guest", guest));
    assert.match(output, /type: ostor:User\n\s+properties:\n/);
    assert.match(output, new RegExp(`\n\\s+emailAddress: ${guest}\n`));
    const absent = await importOf("absent", "absent@x.example");
    assert.notEqual(absent.code, 0);
    assert.match(absent.output, /does not exist/);
  });
});
