import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { requireSuccess } from "../engine/harness";
import type { Project } from "./harness";

/** The address of the user that the story's program creates, and of the one that it imports. */
export const acme = "acme@storage.example";
export const guest = "globex@storage.example";

/**
 * The tests that the program of the examples passes in each language. It declares the users `acme` and `globex`, each with
 * an access key, `acme-key` and `globex-key`, and `initech` with a RotatingAccessKey. Its outputs are `userId` and
 * `secretAccessKey` of acme, `found`, the user id of acme by `getUser`, and `currentAccessKeyId` of initech.
 */
export function itManagesTenants(used: { emulator: Emulator; project: Project }): void {
  const cluster = () => used.emulator.cluster;

  it("imports a user and a key, which the program leaves unchanged", async () => {
    cluster().createUser(guest);
    const key = cluster().user(guest)?.accessKeys[0]?.accessKeyId;
    const resources = [
      { type: "ostor:index:User", name: "globex", id: guest },
      { type: "ostor:index:AccessKey", name: "globex-key", id: key },
    ];
    writeFileSync(join(used.project.folder, "import.json"), JSON.stringify({ resources }));
    const flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    requireSuccess(await used.project.pulumi(["import", "--file", "import.json", ...flags]));
    const { output } = requireSuccess(await used.project.up());
    assert.match(output, /\+ 4 created\n\s+3 unchanged\n/);
  });

  it("creates a user and a key, and returns their properties", async () => {
    const user = cluster().user(acme);
    const { userId, found, secretAccessKey, currentAccessKeyId } = await used.project.outputs();
    assert.deepEqual([userId, found], [user?.userId, user?.userId]);
    assert.deepEqual(
      user?.accessKeys.map((key) => key.secretAccessKey),
      [secretAccessKey],
    );
    assert.deepEqual(
      cluster()
        .user("initech@storage.example")
        ?.accessKeys.map((key) => key.accessKeyId),
      [currentAccessKeyId],
    );
  });

  it("reports drift with the engine's exit code for changes, and repairs it", async () => {
    cluster().setUserState(acme, "disabled");
    const { code, output } = await used.project.preview(
      "--refresh",
      "--diff",
      "--expect-no-changes",
    );
    assert.equal(code, 7, output);
    assert.match(output, /~ state\s*: "disabled" => "enabled"/);
    requireSuccess(await used.project.up("--refresh"));
    assert.equal(cluster().user(acme)?.state, "enabled");
  });

  it("changes nothing while nothing differs, and destroys all", async () => {
    requireSuccess(await used.project.up("--refresh", "--expect-no-changes"));
    requireSuccess(await used.project.destroy());
    assert.deepEqual(cluster().users(), []);
  });
}
