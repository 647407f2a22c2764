import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { processesOf, signal } from "../../crash/processes";
import { requireSuccess, useCluster } from "../harness";

interface Listed {
  userId: string;
  interruptedIn: string[];
  remove: string;
}

describe("pulumi-ostor orphans during a run on the engine", () => {
  const used = useCluster();
  const created = () => used.emulator.cluster.user("new@x.example");

  /** Starts a run, and stops its engine while the user is on the cluster but not yet in the state. */
  const stoppedRun = async (): Promise<ChildProcess> => {
    used.stack.program(`new ostor.User("new", { emailAddress: "new@x.example" });`);
    used.emulator.failNext({ kind: "late", delayMs: 2000, operation: "createUser" });
    const engine = used.stack.start("up", "--yes", "--skip-preview");
    while (!created()) {
      assert.equal(engine.exitCode, null, "the run ended before it created the user");
      await wait(10);
    }
    engine.kill("SIGSTOP");
    return engine;
  };
  const listed = async () => {
    const { output } = await used.stack.command(["orphans", "--json"]);
    return (JSON.parse(output) as { orphans: Listed[] }).orphans;
  };
  const removed = ({ remove }: Listed) =>
    used.stack.command(remove.replace("npx pulumi-ostor ", "").split(" "));

  it("marks what the run creates, and refuses to remove it", async () => {
    const engine = await stoppedRun();
    try {
      const [orphan, ...others] = await listed();
      assert.ok(orphan && others.length === 0);
      assert.deepEqual([orphan.userId, orphan.interruptedIn], [created()?.userId, ["dev"]]);
      const refused = await removed(orphan);
      assert.match(
        refused.output,
        /being created, by the state of stack dev; if no run is in progress, add --after-kill \[being-created\]\n$/,
      );
      assert.equal(refused.code, 1);
    } finally {
      const ended = once(engine, "exit");
      engine.kill("SIGCONT");
      await ended;
    }
    assert.equal(engine.exitCode, 0);
    assert.deepEqual(await listed(), []);
    requireSuccess(await used.stack.destroy());
  });

  it("does not mark what a killed run created once its advice is followed, and its line then removes it", async function () {
    // The processes of a stack are found in /proc.
    if (!existsSync("/proc/self/environ")) this.skip();
    const engine = await stoppedRun();
    const ended = once(engine, "exit");
    engine.kill("SIGKILL");
    await ended;
    // The provider's process deletes the user again. Then someone else creates one.
    while (created()) await wait(10);
    // The engine's language host keeps running after its engine is killed.
    for (const { pid } of processesOf(used.stack.directory)) signal(pid, "SIGKILL");
    used.emulator.cluster.createUser("new@x.example");
    assert.deepEqual(
      (await listed()).map(({ interruptedIn }) => interruptedIn),
      [["dev"]],
    );
    requireSuccess(await used.stack.pulumi(["cancel", "--yes"]));
    requireSuccess(await used.stack.refresh("--clear-pending-creates"));
    const [orphan] = await listed();
    assert.deepEqual(orphan?.interruptedIn, []);
    requireSuccess(await removed(orphan));
    assert.equal(created(), undefined);
  });
});
