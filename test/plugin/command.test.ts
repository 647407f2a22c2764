import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { version } from "../../package.json";
import { commandOf } from "../../provider/plugin/command";
import { executable } from "./process";

describe("the command of the plugin", () => {
  it("serves the engine whose address is the last word", () => {
    for (const args of [["127.0.0.1:5"], ["-v=3", "--tracing", "file:t", "127.0.0.1:5"]]) {
      for (const isTerminal of [true, false]) {
        const command = commandOf(args, isTerminal);
        assert.deepEqual(command, { serve: true, engineAddress: "127.0.0.1:5" });
      }
    }
  });

  it("serves an engine that attaches later", () => {
    const attached = { serve: true, engineAddress: undefined };
    assert.deepEqual(commandOf([], false), attached);
    assert.deepEqual(commandOf(["--attach"], true), attached);
  });

  it("tells a person what it is", () => {
    const command = commandOf([], true);
    assert(!command.serve);
    assert.equal(command.exitCode, 1);
    assert.match(command.text, /^pulumi-resource-ostor \S+ is a resource plugin, [^\n]*--help$/);
  });

  it("prints help and version, and exits", () => {
    const run = (flag: string) =>
      spawnSync(process.execPath, [executable, flag], { encoding: "utf8", timeout: 10_000 });
    const help = run("--help");
    assert.deepEqual([help.status, help.stderr], [0, ""]);
    assert.match(help.stdout, /^Usage: pulumi-resource-ostor /);
    const { status, stdout } = run("--version");
    assert.deepEqual([status, stdout], [0, `${version}\n`]);
  });

  it("prints its port when a debugger starts it", async () => {
    const child = spawn(process.execPath, [executable], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    assert.match(chunk.toString(), /^\d+\n$/);
    child.kill("SIGTERM");
    await exited;
  });
});
