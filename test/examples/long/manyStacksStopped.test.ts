import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { useManyStacks } from "../useManyStacks";

interface Exported {
  deployment: {
    resources: { type: string; outputs?: { userId?: string } }[];
    pending_operations?: object[];
  };
}

const stops: Record<string, (run: ChildProcess) => void> = {
  "Ctrl-C, which a terminal sends to its whole group": ({ pid = 0 }) =>
    process.kill(-pid, "SIGINT"),
  "SIGTERM, which reaches only this process": (run) => run.kill("SIGTERM"),
};

describe("the example many-stacks, stopped while it creates tenants", () => {
  for (const [name, stop] of Object.entries(stops)) {
    describe(`by ${name}`, () => {
      const used = useManyStacks();
      const { emulator } = used;

      it("completes its calls, records what they created, and starts no further stack", async () => {
        emulator.failNext({ operation: "createUser", kind: "late", delayMs: 3000, times: 3 });
        const run = used.start("up", "--at-once", "1");
        let printed = "";
        for (const stream of [run.stdout, run.stderr]) {
          stream?.on("data", (text: Buffer) => (printed += String(text)));
        }
        const ended = once(run, "close");
        while (emulator.cluster.users().length === 0) await wait(20);
        stop(run);
        const [code] = (await ended) as [number | null];
        assert.equal(code, 1, printed);
        assert.match(printed, /^cohort-00: failed after /m);
        assert.match(printed, /^interrupted; not started: cohort-01$/m);
        const { output } = await used.pulumi("stack", "export", "--stack", "cohort-00");
        const { resources, pending_operations } = (JSON.parse(output) as Exported).deployment;
        assert.deepEqual(pending_operations ?? [], []);
        assert.deepEqual(
          resources
            .flatMap(({ type, outputs }) => (type.endsWith(":User") ? [outputs?.userId] : []))
            .sort(),
          emulator.cluster
            .users()
            .map(({ userId }) => userId)
            .sort(),
        );
      });

      it("is completed by the same command", async () => {
        const { code, output } = await used.deploy("up");
        assert.equal(code, 0, output);
        assert.equal(emulator.cluster.users().length, 5);
      });
    });
  }
});
