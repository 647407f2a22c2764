// @ts-check
import { main, run } from "./processes.mjs";
import { root, setup, setupPackage } from "./setup.mjs";

/** Builds the package first, so that the benchmarks measure this checkout. */
await main(async () => {
  const args = process.argv.slice(2);
  const { path } = args.includes("--help") ? await withoutEngine() : await setup();
  const nodeArgs = ["--import", "tsx", "bench/index.ts", ...args];
  const env = { ...process.env, PULUMI_OSTOR_ENGINE_PATH: path };
  const { code } = await run(process.execPath, nodeArgs, { cwd: root, env });
  return code;
});

/** The help needs no engine. */
async function withoutEngine() {
  await setupPackage({ log: console.error });
  return { path: "" };
}
