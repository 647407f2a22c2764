import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stateOf, usePlace, user } from "./place";
import { useShell } from "./shell";

describe("a remove line of pulumi-ostor orphans", function () {
  this.timeout(60_000);
  const place = usePlace();
  const shell = useShell("npx");

  /** The words of the only remove line of a listing, parsed by a shell. */
  const pasted = async (words: string[]) => {
    const { stdout, stderr } = await place.run(["orphans", ...words]);
    const [, line] = /^ +remove: +(.*)$/m.exec(stdout) ?? [];
    assert.ok(line !== undefined, `${stdout}${stderr}`);
    return shell.wordsOf(line).flat();
  };

  it("names the same stacks, folder and cluster, whatever their names contain", async () => {
    const { userId } = place.emulator.cluster.createUser("lost@x.example");
    const cwd = join(shell.folder, 'it\'s  a $(touch x) `y` \\ "folder";&');
    mkdirSync(cwd);
    place.states = { "de v": stateOf([]), "$HOME'": stateOf([]) };
    const flags = ["--stack", "de v", "--stack", "$HOME'"];
    const where = [...flags, "--cwd", cwd, "--endpoint", place.emulator.endpoint];
    assert.deepEqual(await pasted(where), ["pulumi-ostor", "delete-user", userId, ...where]);
  });

  it("compares all stacks of the project like the listing, also a newer one", async () => {
    const { userId } = place.emulator.cluster.createUser("lost@x.example");
    const [, ...words] = await pasted([]);
    assert.deepEqual(words, ["delete-user", userId]);
    place.states = { selected: stateOf([]), newer: stateOf([user(userId)]) };
    assert.match((await place.run(words)).stderr, /it is in a stack/);
  });

  it("never contains --after-kill", async () => {
    const { userId } = place.emulator.cluster.createUser("lost@x.example");
    const resource = {
      urn: "urn:pulumi:dev::p::t::u",
      type: "pulumi-nodejs:dynamic/ostor:User",
      inputs: { emailAddress: "lost@x.example" },
    };
    place.states["selected"] = stateOf([], [{ type: "creating", resource }]);
    const [, ...words] = await pasted([]);
    assert.deepEqual(words, ["delete-user", userId]);
    assert.match((await place.run(words)).stderr, /add --after-kill \[being-created\]\n$/);
  });

  it("is in JSON that has no effect on a terminal and is complete", async () => {
    const address = "x\u001b[31m\u009b31m\u202e\u{e0041}@y.example";
    place.emulator.cluster.createUser(address);
    const { stdout } = await place.run(["orphans", "--json"]);
    assert.doesNotMatch(stdout.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
    const { orphans } = JSON.parse(stdout) as { orphans: { emailAddress: string }[] };
    assert.equal(orphans[0]?.emailAddress, address);
  });
});
