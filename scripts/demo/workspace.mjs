// @ts-check
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { engineEnv, runSettings, withoutTypeCheck } from "../engineEnv.mjs";
import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";
import { findingsIn } from "./findings.mjs";
import { printIndented, withElapsedTime } from "./print.mjs";

const STACK = "demo";
/** The exit code of `--expect-no-changes`, and of `pulumi-ostor drift`, if there are changes. */
const CHANGES = 7;
/** The engine has `--event-log` only with this variable. */
const EVENT_LOG_ENV = { PULUMI_DEBUG_COMMANDS: "true" };

/** Runs the checkout's program with state, home and configuration in a temporary folder. */
export class Workspace {
  /**
   * @param {string} root
   * @param {import("../engine.mjs").Engine} engine
   * @param {boolean} isVerbose Whether to print everything that the engine prints.
   */
  static async create(root, engine, isVerbose) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-ostor-demo-"));
    const workspace = new Workspace(root, engine, isVerbose, folder);
    await Promise.all(
      [workspace.home, workspace.backend, workspace.project].map((path) => mkdir(path)),
    );
    return workspace;
  }

  /**
   * @param {string} root
   * @param {import("../engine.mjs").Engine} engine
   * @param {boolean} isVerbose
   * @param {string} folder
   */
  constructor(root, engine, isVerbose, folder) {
    this.root = root;
    this.engine = engine;
    this.isVerbose = isVerbose;
    this.folder = folder;
    this.home = join(folder, "home");
    this.backend = join(folder, "state");
    this.project = join(folder, "project");
    this.passphrase = "demo";
    this.eventLog = join(folder, "events.log");
    this.configFile = join(this.project, `Pulumi.${STACK}.yaml`);
  }

  /**
   * Creates the stack and sets its configuration.
   * @param {{ plain: Record<string, string>, secret: Record<string, string> }} settings
   */
  async configure({ plain, secret }) {
    // `stack init` always writes Pulumi.demo.yaml beside Pulumi.yaml. A copy of the project file keeps
    // it out of the checkout, which may contain a file of that name.
    await copyFile(join(this.root, "Pulumi.yaml"), join(this.project, "Pulumi.yaml"));
    await this.#engine(["-C", this.project, "stack", "init", STACK, "--no-select"]);
    const settings = [
      ...Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secret).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    await this.#engine(["config", "set-all", ...this.#flags(), ...settings]);
  }

  /**
   * Prints a command, runs it and prints what it changed.
   * @param {readonly string[]} args
   */
  async pulumi(args) {
    console.log(`$ pulumi ${args.join(" ")}`);
    await this.#logged(args, 0);
    if (this.isVerbose) return;
    printIndented(findingsIn(await readFile(this.eventLog, "utf8")).join("\n"));
  }

  /** Compares the cluster with the program, and prints the report of the differences. */
  async detectDrift() {
    const args = ["preview", "--refresh", "--expect-no-changes"];
    const variable = Object.entries(EVENT_LOG_ENV).map((entry) => entry.join("="));
    console.log(`$ ${[...variable, "pulumi", ...args].join(" ")} --event-log drift.log`);
    await this.#logged(args, CHANGES);
    printIndented(`exit code ${CHANGES}`);
    console.log("$ npx pulumi-ostor drift drift.log");
    const cli = join(this.root, "dist", "cli", "index.js");
    const report = await this.#run(process.execPath, [cli, "drift", this.eventLog], CHANGES, true);
    printIndented(report);
  }

  /**
   * Writes a file for a shell that uses the demo's stack and engine.
   * @returns {Promise<string>} Its path.
   */
  async writeShellFile() {
    const settings = { ...runSettings(this), PULUMI_STACK: STACK };
    const file = join(this.folder, "demo.sh");
    const lines = [
      `cd "${this.root}"`,
      `export PATH="${this.engine.path}:$PATH"`,
      ...Object.entries(settings).map(([name, value]) => `export ${name}="${value}"`),
      'pulumi() { case "$1" in',
      `  up|preview|refresh|destroy|config) command pulumi "$@" --config-file "${this.configFile}" ;;`,
      '  *) command pulumi "$@" ;;',
      "esac; }",
    ];
    await writeFile(file, `${lines.join("\n")}\n`);
    return file;
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }

  #flags() {
    return ["--stack", STACK, "--config-file", this.configFile];
  }

  /**
   * @param {readonly string[]} args
   * @param {number} expectedCode
   */
  async #logged(args, expectedCode) {
    await rm(this.eventLog, { force: true });
    const words = [...args, ...this.#flags(), "--event-log", this.eventLog];
    const work = () => this.#engine(words, expectedCode, !this.isVerbose);
    await (this.isVerbose ? work() : withElapsedTime(work));
  }

  /**
   * @param {readonly string[]} args
   * @param {number} [expectedCode]
   * @param {boolean} [capture]
   */
  async #engine(args, expectedCode = 0, capture = true) {
    await this.#run(this.engine.pulumi, args, expectedCode, capture);
  }

  /**
   * @param {string} command
   * @param {readonly string[]} args
   * @param {number} expectedCode
   * @param {boolean} capture Whether to return the output instead of printing it; an unexpected exit code prints it.
   */
  async #run(command, args, expectedCode, capture) {
    const own = engineEnv({ ...this, path: this.engine.path });
    const env = { ...own, ...EVENT_LOG_ENV, ...withoutTypeCheck };
    const { code, output } = await run(command, args, { cwd: this.root, env, capture });
    if (code === expectedCode) return output;
    throw new PlainError(
      `${output}The demo failed: the exit code of the last command is ${code} instead of ${expectedCode}.`,
    );
  }
}
