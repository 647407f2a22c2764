// @ts-check
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { engineEnv, runSettings } from "../engineEnv.mjs";
import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";

const STACK = "demo";

/** The demo's Pulumi: the checkout's program, with state, home and configuration in a temporary folder. */
export class Workspace {
  /**
   * @param {string} root
   * @param {import("../engine.mjs").Engine} engine
   */
  static async create(root, engine) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-ostor-demo-"));
    const workspace = new Workspace(root, engine, folder);
    await Promise.all(
      [workspace.home, workspace.backend, workspace.project].map((path) => mkdir(path)),
    );
    return workspace;
  }

  /**
   * @param {string} root
   * @param {import("../engine.mjs").Engine} engine
   * @param {string} folder
   */
  constructor(root, engine, folder) {
    this.root = root;
    this.engine = engine;
    this.folder = folder;
    this.home = join(folder, "home");
    this.backend = join(folder, "state");
    this.project = join(folder, "project");
    this.passphrase = "demo";
    /** Names the stack and its configuration: to go with each command. */
    this.flags = ["--stack", STACK, "--config-file", join(this.project, `Pulumi.${STACK}.yaml`)];
  }

  /**
   * Creates the stack and gives it its configuration.
   * @param {{ plain: Record<string, string>, secret: Record<string, string> }} settings
   */
  async configure({ plain, secret }) {
    // `stack init` writes Pulumi.demo.yaml beside Pulumi.yaml whatever it is told; with a copy of the
    // project file that isn't the checkout, where a person may have a file of that name.
    await copyFile(join(this.root, "Pulumi.yaml"), join(this.project, "Pulumi.yaml"));
    await this.#run(["-C", this.project, "stack", "init", STACK, "--no-select"], 0, true);
    const given = [
      ...Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secret).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    await this.#run(["config", "set-all", ...this.flags, ...given], 0, true);
  }

  /**
   * Runs the CLI before the person's eyes; throws when it ends with another code than expected.
   * @param {readonly string[]} args
   * @param {number} [expectedCode]
   */
  async pulumi(args, expectedCode = 0) {
    console.log(`$ pulumi ${args.join(" ")}`);
    await this.#run([...args, ...this.flags], expectedCode, false);
  }

  /** What a shell needs to go on by hand. */
  shellLines() {
    const settings = Object.entries(runSettings(this));
    return [
      `export PATH="${this.engine.path}:$PATH"`,
      ...settings.map(([name, value]) => `export ${name}="${value}"`),
    ];
  }

  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * @param {readonly string[]} args
   * @param {number} expectedCode
   * @param {boolean} capture
   */
  async #run(args, expectedCode, capture) {
    const env = engineEnv({ ...this, path: this.engine.path });
    const { code, output } = await run(this.engine.pulumi, args, { cwd: this.root, env, capture });
    if (code === expectedCode) return;
    const command = args.slice(0, 2).join(" ");
    throw new PlainError(
      `${output}The demo failed: "pulumi ${command}" ended with exit code ${code}, not ${expectedCode}.`,
    );
  }
}
