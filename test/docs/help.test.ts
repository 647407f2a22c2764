import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assertAligned } from "../cli/aligned";
import { root } from "./markdown";

const { scripts, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

/** The commands of the repository: what a person types, and the arguments for node. */
function commands(): [string, string[]][] {
  const own = Object.entries(scripts).flatMap(([name, line]) =>
    /^node scripts\/[\w.]+$/.test(line) ? [[`npm run ${name}`, [line.slice("node ".length)]]] : [],
  );
  const bins = Object.entries(bin).map(([name, file]) => [name, [file]]);
  const deploying = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)deploy\.[cm]?js$/.test(file) && !file.includes("node_modules"))
    .map((file) => [`node examples/${file}`, [join("examples", file)]]);
  return [...own, ...bins, ...deploying] as [string, string[]][];
}

function help(words: string[]) {
  const flags = [...words, "--help"];
  return spawnSync(process.execPath, flags, { cwd: root, encoding: "utf8", timeout: 30_000 });
}

function assertHelp({ status, stdout, stderr }: ReturnType<typeof help>): void {
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Usage: /);
  assert.match(stdout, /^ {2}.*--help {2,}\w/m);
  assert.ok(!`${stdout}${stderr}`.includes("\u001b"), "colours, although this is not a terminal");
  // The first lines of the options; all other lines have another indentation.
  const options = stdout.split("\n").filter((line) => /^ {2}-\S.*? {2,}\S/.test(line));
  assertAligned(
    options.map((line) => line.trim()),
    2,
  );
}

describe("--help", function () {
  this.timeout(60_000);

  for (const [name, words] of commands()) {
    it(`is supported by ${name}`, () => {
      assertHelp(help(words));
    });
  }

  it("is supported by each command of pulumi-ostor", () => {
    const words = ["dist/cli/index.js"];
    const list = help(words).stdout.split(/^Commands:$/m)[1] ?? "";
    const names = [...list.matchAll(/^ {2}([a-z][\w-]+) /gm)].map(([, name = ""]) => name);
    assert.ok(names.includes("orphans"), list);
    for (const name of names.filter((each) => each !== "help")) assertHelp(help([...words, name]));
  });
});
