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

describe("pulumi-ostor orphans beside a run on the engine", () => {
  const used = useCluster();
  const made = () => used.emulator.cluster.user("new@x.example");

  /** Begins a run, and halts its engine while the user is on the cluster and not yet in the state. */
  const halted = async (): Promise<ChildProcess> => {
    used.stack.program(`new ostor.User("new", { emailAddress: "new@x.example" });`);
    used.emulator.failNext({ kind: "late", delayMs: 2000, operation: "createUser" });
    const engine = used.stack.start("up", "--yes", "--skip-preview");
    while (!made()) {
      assert.equal(engine.exitCode, null, "the run ended before it made the user");
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

  it("marks what the run makes, and refuses to remove it", async () => {
    const engine = await halted();
    try {
      const [orphan, ...others] = await listed();
      assert.ok(orphan && others.length === 0);
      assert.deepEqual([orphan.userId, orphan.interruptedIn], [made()?.userId, ["dev"]]);
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

  it("ends the mark that a killed run leaves as it advises, and its line removes then", async function () {
    // Whose process is whose is read from /proc.
    if (!existsSync("/proc/self/environ")) this.skip();
    const engine = await halted();
    const ended = once(engine, "exit");
    engine.kill("SIGKILL");
    await ended;
    // The provider's own process takes its user back; somebody else then makes one.
    while (made()) await wait(10);
    // The engine's language host doesn't notice that it is alone.
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
    assert.equal(made(), undefined);
  });
});
