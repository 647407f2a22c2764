import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { engineEnvironment, requireSuccess, useCluster, type Stack } from "../harness";
import { usePlugin } from "../pluginStack";

const root = resolve(__dirname, "../../..");

/**
 * Writes a policy pack into the stack's project. Its runtime has a special name, so that the engine runs the analyzer
 * on PATH, because not every language host can run packs.
 *
 * @returns a function that runs `up` with the pack
 */
function packOf(stack: Stack, policies: string) {
  const pack = join(stack.directory, "project", "pack");
  const bin = join(stack.directory, "bin");
  mkdirSync(pack, { recursive: true });
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(pack, "node_modules"));
  writeFileSync(join(pack, "package.json"), '{ "name": "pack", "version": "1.0.0" }\n');
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: node-policies\nmain: index.js\n");
  const text = `const policy = require("@pulumi/policy"); const ostor = require("pulumi-ostor");
    new policy.PolicyPack("pack", { policies: [${policies}] });`;
  writeFileSync(join(pack, "index.js"), text);
  const analyzer = join(bin, "pulumi-analyzer-policy-node-policies");
  const host = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
  writeFileSync(analyzer, `#!/bin/sh\nexec node "${host}" "$@"\n`);
  chmodSync(analyzer, 0o755);
  return async (...flags: string[]) => {
    const { PATH = "" } = await engineEnvironment(stack.directory);
    const words = ["up", "--yes", "--skip-preview", "--policy-pack", pack, ...flags];
    return stack.pulumi(words, { PATH: `${bin}${delimiter}${PATH}` });
  };
}

for (const first of ["", "ostor.usePlugin();"]) {
  describe(`policies by class, on the engine ${first}`, () => {
    const used = useCluster();
    usePlugin(used);

    it("validate every class, reject a stack and remediate", async () => {
      const up = packOf(
        used.stack,
        `...["User", "AccessKey", "RotatingAccessKey", "Bucket", "Tenant", "Provider"].map((name) => ({
        name: "see-" + name.toLowerCase(), description: name, enforcementLevel: "advisory",
        validateResource: policy.validateResourceOfType(ostor[name], (props, args, report) =>
          report("validated " + name + " " + args.name + " " + (props.emailAddress ?? ""))),
      })),
      { name: "suspended-at-first", description: "remediates", enforcementLevel: "remediate",
        remediateResource: policy.remediateResourceOfType(ostor.User, (user) => ({ ...user, state: "disabled" })) },
      { name: "addresses", description: "of the stack", enforcementLevel: "mandatory",
        validateStack: policy.validateStackResourcesOfType(ostor.User, (users, args, report) => {
          const foreign = users.filter(({ emailAddress }) => !emailAddress.endsWith("@acme.example"));
          const typed = args.resources.map((each) => each.asType(ostor.User));
          if (foreign.length > 0) report("foreign " + foreign[0].emailAddress + " of " + typed.length);
        }) }`,
      );
      used.emulator.cluster.createUser("outside@acme.example");
      used.emulator.cluster.createBucket("data", "outside@acme.example");
      const program = (address: string) => `${first}
      new ostor.Tenant("acme", { emailAddress: "${address}", keys: ["app"] });
      new ostor.RotatingAccessKey("rotating", {
        user: new ostor.User("globex", { emailAddress: "globex@acme.example" }), generation: 1 });
      new ostor.Bucket("data", { name: "data" });`;
      used.stack.program(program("ops@acme.example"));
      const { output } = requireSuccess(await up());
      for (const validated of [
        "User acme ops@acme.example",
        "AccessKey acme-app",
        "RotatingAccessKey rotating",
        "Bucket data",
        "Tenant acme",
        "Provider default",
      ]) {
        assert.ok(output.includes(`validated ${validated}`), `${validated}:\n${output}`);
      }
      assert.equal(used.emulator.cluster.user("ops@acme.example")?.state, "disabled");

      used.stack.program(program("ops@other.example"));
      const refused = await up();
      assert.notEqual(refused.code, 0);
      assert.match(refused.output, /foreign ops@other\.example of 2/);
    });
  });
}
