import assert from "node:assert/strict";
import { createEmulator, type Emulator } from "../../emulator";
import { requireSuccess } from "../engine/harness";
import { createEmptyProject, packPackage, type EmptyProject } from "./emptyProject";

/** An emulator, and an empty project that has the packed package. */
export interface Used {
  emulator: Emulator;
  project: EmptyProject;
}

/** Gives the tests of a `describe` a project with the packed package and others. */
export function useProject(packages: string[]): Used {
  const used = {} as Used;
  let packed: Awaited<ReturnType<typeof packPackage>>;
  before(async function () {
    this.timeout(300_000);
    used.emulator = createEmulator();
    await used.emulator.start();
    packed = await packPackage();
    used.project = await createEmptyProject(packed.tarball, packages);
  });
  after(async () => {
    used.project.remove();
    packed.remove();
    await used.emulator.stop();
  });
  return used;
}

/** Runs up and destroy, and checks the cluster after each. */
export async function upAndDestroy(
  { emulator, project }: Used,
  name: string,
  folder?: string,
): Promise<void> {
  await project.createStack(name, emulator, folder);
  const pulumi = async (...flags: string[]) =>
    requireSuccess(await project.run("pulumi", ["--non-interactive", ...flags], folder));
  await pulumi("up", "--yes", "--skip-preview");
  const [user, ...more] = emulator.cluster.users();
  assert.deepEqual([user?.emailAddress, user?.accessKeys.length], ["ops@acme.example", 1]);
  assert.deepEqual(more, []);
  const [key] = user?.accessKeys ?? [];
  const { output } = await pulumi("stack", "output", "--show-secrets", "secretAccessKey");
  assert.equal(output.trim(), key?.secretAccessKey);
  await pulumi("preview", "--refresh", "--expect-no-changes");
  const own = (await project.resources(folder)).filter(({ type }) => type.includes("ostor:"));
  const texts = own.map(({ outputs }) => String(outputs?.["__provider"])).sort();
  assert.deepEqual(texts, [
    'exports.handler = () => require("pulumi-ostor/provider").accessKey',
    'exports.handler = () => require("pulumi-ostor/provider").user',
  ]);
  await pulumi("destroy", "--yes", "--skip-preview");
  assert.deepEqual(emulator.cluster.users(), []);
}
