import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireSuccess, run } from "../engine/harness";
import { pluginFolder, root, type Project } from "./harness";

/** Generates the SDKs from the plugin's schema, beside the project. Returns their folder, with nodejs/, python/ and go/. */
export async function generateSdks({ directory, folder, environment }: Place): Promise<string> {
  const plugin = join(pluginFolder, "pulumi-resource-ostor");
  const words = ["package", "get-schema", plugin];
  const { output } = requireSuccess(await run("pulumi", words, folder, environment));
  const schema = join(directory, "schema.json");
  writeFileSync(schema, output);
  const sdks = join(directory, "sdks");
  requireSuccess(await run("ostor-codegen", [schema, sdks], folder, environment));
  return sdks;
}

type Place = Pick<Project, "directory" | "folder" | "environment">;

/** Compiles the SDK for Node.js. Returns its folder, from which programs load it. */
export async function compileTypeScript({ project }: { project: Project }): Promise<string> {
  const sdk = join(await generateSdks(project), "nodejs");
  symlinkSync(join(root, "node_modules"), join(sdk, "node_modules"));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  requireSuccess(await run(process.execPath, [tsc, "-p", sdk], sdk, project.environment));
  // The SDK reads its version from there, as a published package does.
  copyFileSync(join(sdk, "package.json"), join(sdk, "bin", "package.json"));
  return join(sdk, "bin");
}

/** Installs the Python SDK where programs import it from, from nothing but the virtual environment. */
export async function installPythonSdk({ project }: { project: Project }): Promise<void> {
  const sdk = join(await generateSdks(project), "python");
  const target = join(project.directory, "python");
  const alone = ["--no-deps", "--no-index", "--no-build-isolation", "--no-compile"];
  const words = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", ...alone];
  requireSuccess(
    await run("python3", [...words, "--target", target, sdk], sdk, project.environment),
  );
  project.environment["PYTHONPATH"] = target;
}

/** Compiles a Go program with the SDK, in one module with pinned versions. */
export async function compileGo({ project }: { project: Project }, text: string): Promise<void> {
  const module = join(await generateSdks(project), "go");
  for (const file of ["go.mod", "go.sum"]) {
    copyFileSync(join(root, "test/languages/go", file), join(module, file));
  }
  mkdirSync(join(module, "program"));
  writeFileSync(join(module, "program", "main.go"), text);
  // Not -trimpath: Go would compile the SDK of Pulumi and its own library once more.
  const words = ["build", "-ldflags", "-s -w", "-o", join(project.folder, "program"), "./program"];
  requireSuccess(await run("go", words, module, project.environment, 600_000));
}
