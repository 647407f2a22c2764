// @ts-check
import { PlainError } from "../plainError.mjs";
import { run } from "../processes.mjs";

/**
 * Builds a command with the versions that a module pins, without debug information.
 * @param {object} build
 * @param {string} build.go The absolute path of Go.
 * @param {string} build.module The folder of the module.
 * @param {string} build.goPackage
 * @param {string} build.folder Receives the command.
 * @param {NodeJS.ProcessEnv} build.env
 * @param {readonly string[]} [build.linkFlags]
 * @param {string} build.fix What to do if the build fails.
 */
export async function goBuild({ go, module, goPackage, folder, env, linkFlags = [], fix }) {
  const ldflags = ["-s", "-w", ...linkFlags].join(" ");
  const args = ["build", "-ldflags", ldflags, "-o", `${folder}/`, goPackage];
  const { code, output } = await run(go, args, {
    cwd: module,
    // A Go workspace above the checkout would replace the pinned versions.
    env: { ...env, GOWORK: "off" },
    capture: true,
  });
  if (code === 0) return;
  const tail = output.trim().split("\n").slice(-15).join("\n");
  throw new PlainError(`go build ${goPackage} failed (exit code ${code}):\n${tail}\n${fix}`);
}
