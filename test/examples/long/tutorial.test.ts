import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readPage, root, type Block } from "../../docs/markdown";
import { engineEnvironment, type Run } from "../../engine/harness";

/** One block of commands, and its output according to the page. */
interface Step {
  script: string;
  printed: string[];
}

/** The steps of a page: blocks of `sh` and of files, in their order. A `text` after commands is their output. */
function stepsOf(blocks: Block[]): Step[] {
  const steps: Step[] = [];
  for (const { language, file, text } of blocks) {
    const lines = text.split("\n").filter((line) => line !== "");
    if (file !== undefined)
      steps.push({ script: `cat > ${file} <<'END'\n${text}END\n`, printed: [] });
    else if (language === "sh") steps.push({ script: text, printed: [] });
    else if (!lines.some(isOfCrontab)) steps.at(-1)?.printed.push(...lines);
  }
  return steps;
}

const isOfCrontab = (line: string) => line.startsWith("*/");
const mark = (index: number) => `=== step ${index} is done`;

interface Ended extends Run {
  /** Whether all processes that it started have ended by themselves. */
  isAlone: boolean;
}

/** Waits for the processes of a group to end, and kills those that do not. */
async function hasEnded(group: number): Promise<boolean> {
  try {
    for (let checks = 0; checks < 50; checks += 1) {
      process.kill(group, 0);
      await setTimeout(100);
    }
    process.kill(group, "SIGKILL");
    return false;
  } catch {
    return true;
  }
}

/** Runs all steps in one shell, as a reader does. */
async function runInOneShell(steps: Step[], directory: string): Promise<Ended> {
  const script = steps.map((step, index) => `${step.script}echo "${mark(index)}"\n`).join("");
  const env = {
    ...(await engineEnvironment(directory)),
    // Packing would compile dist/ again while other tests read it.
    npm_config_ignore_scripts: "true",
    npm_config_prefer_offline: "true",
  };
  const shell = spawn("bash", ["-e", "-c", `exec 2>&1\n${script}`], {
    cwd: directory,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  shell.stdout.on("data", (chunk) => (output += String(chunk)));
  const code = await new Promise<number>((settle) => {
    shell.once("exit", (status) => {
      settle(status ?? 255);
    });
  });
  const isAlone = await hasEnded(-(shell.pid ?? 0));
  return { code, output, isAlone };
}

describe("docs/tutorial.md", () => {
  const steps = stepsOf(readPage("docs/tutorial.md").blocks);
  let directory = "";
  let ended: Ended;

  before(async function () {
    this.timeout(600_000);
    directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-tutorial-"));
    symlinkSync(root, join(directory, "pulumi-ostor"));
    ended = await runInOneShell(steps, directory);
  });
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("runs as written, and leaves nothing running", () => {
    assert.equal(ended.code, 0, `…${ended.output.slice(-3000)}`);
    assert.ok(ended.isAlone);
  });

  for (const [index, { script, printed }] of steps.entries()) {
    if (printed.length === 0) continue;
    it(`prints what the page quotes after: ${script.trim().split("\n").at(-1) ?? ""}`, () => {
      const before = ended.output.split(mark(index - 1))[1] ?? "";
      const output = plain(before.split(mark(index))[0] ?? "");
      for (const line of printed)
        assert.ok(output.includes(plain(line)), `${line}\n\nin\n${output}`);
    });
  }
});

/** Removes the padding of columns and the durations that the engine prints. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/ ?\(\d+(\.\d+)?s\)/g, "")
    .replace(/ : /g, ": ");
}
