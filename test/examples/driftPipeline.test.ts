import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unasked, useExample } from "./useExample";

describe("the example drift-pipeline", () => {
  const used = useExample("examples/drift-pipeline");
  const command = () => {
    const workflow = readFileSync(join(used.directory, "drift.yml"), "utf8");
    const line = /^ *run: (pulumi preview .*)$/m.exec(workflow)?.[1];
    assert.ok(line, "the workflow runs pulumi preview");
    return line;
  };

  it("runs the documented command, and passes its exit code to report.js", () => {
    const documented = "pulumi preview --refresh --expect-no-changes --diff";
    assert.equal(command(), `${documented} || node report.js $?`);
  });

  it("declares two tenants and a key", async () => {
    await used.pulumi("up", ...unasked);
    const users = used.emulator.cluster.users();
    assert.deepEqual(users.map(({ emailAddress, state }) => [emailAddress, state]).sort(), [
      ["acme@storage.example", "enabled"],
      ["initech@storage.example", "disabled"],
    ]);
    assert.equal(used.emulator.cluster.user("acme@storage.example")?.accessKeys.length, 1);
    await used.pulumi("up", ...unasked, "--expect-no-changes");
  });

  it("ends with 0 while the cluster is what the program declares", async () => {
    const { code, output } = await used.shell(command());
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /Drift:/);
  });

  it("ends with 7 and says so when somebody enabled the disabled tenant", async () => {
    used.emulator.cluster.setUserState("initech@storage.example", "enabled");
    const { code, output } = await used.shell(command());
    assert.equal(code, 7, output);
    assert.match(output, /~ state\s*: "enabled" => "disabled"/);
    assert.match(output, /Drift: .*pulumi up --refresh/);
    const user = used.emulator.cluster.user("initech@storage.example");
    assert.equal(user?.state, "enabled", "the pipeline changes nothing");
  });

  it("is repaired by the command that the message names", async () => {
    await used.pulumi("up", "--refresh", ...unasked);
    assert.equal((await used.shell(command())).code, 0);
  });

  it("ends with another code when the comparison itself fails", async () => {
    await used.emulator.stop();
    const { code, output } = await used.shell(command());
    await used.emulator.start();
    assert.ok(code !== 0 && code !== 7, `${code}: ${output}`);
    assert.match(output, /The comparison itself failed/);
  });

  it("leaves nothing by destroy", async () => {
    await used.pulumi("destroy", ...unasked);
    assert.deepEqual(used.emulator.cluster.users(), []);
    assert.deepEqual(await used.resources(), []);
  });
});
