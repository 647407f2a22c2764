import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEmulator } from "../emulator";
import { engineEnvironment, requireSuccess, run } from "../test/engine/harness";

const root = resolve(__dirname, "..");
const timeoutMs = 3_600_000;

/** Prints how long the example many-stacks takes for ten stacks with this number of tenants each. */
export async function measureManyStacks(tenants: number, delayMs: number): Promise<void> {
  const emulator = createEmulator({ seed: 1, delayMs });
  await emulator.start();
  const directory = mkdtempSync(join(tmpdir(), "pulumi-ostor-bench-"));
  try {
    const project = writeProject(directory, tenants);
    const { accessKeyId, secretAccessKey } = emulator.credentials;
    const environment = {
      ...(await engineEnvironment(directory)),
      PULUMI_EXPERIMENTAL: "1",
      PULUMI_SKIP_CHECKPOINTS: "1",
      OSTOR_ENDPOINT: emulator.endpoint,
      OSTOR_ACCESS_KEY_ID: accessKeyId,
      OSTOR_SECRET_ACCESS_KEY: secretAccessKey,
    };
    for (const command of ["up", "up", "drift"]) {
      const start = performance.now();
      const flags = ["deploy.js", command, "--at-once", "2"];
      requireSuccess(await run(process.execPath, flags, project, environment, timeoutMs));
      const seconds = (performance.now() - start) / 1000;
      const users = emulator.cluster.users().length;
      console.log(`10 stacks, two at once, ${command}: ${seconds.toFixed(0)} s, ${users} users`);
    }
  } finally {
    await emulator.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeProject(directory: string, tenants: number): string {
  const project = join(directory, "project");
  cpSync(join(root, "examples/many-stacks"), project, { recursive: true });
  rmSync(join(project, "tenants"), { recursive: true });
  mkdirSync(join(project, "tenants"));
  mkdirSync(join(directory, "state"));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
  for (let stack = 0; stack < 10; stack += 1) {
    const lines = Array.from(
      { length: tenants },
      (_, index) => `t${stack}-${index}@acme.example\n`,
    );
    writeFileSync(join(project, "tenants", `cohort-0${stack}.txt`), lines.join(""));
  }
  return project;
}
