// @ts-check
import { main, run } from "./processes.mjs";
import { root, setup, setupPackage } from "./setup.mjs";

/** The package and an engine first: what is measured must be what stands here. */
await main(async () => {
  const args = process.argv.slice(2);
  const { path } = args.includes("--help") ? await withoutEngine() : await setup();
  const words = ["--import", "tsx", "bench/index.ts", ...args];
  const env = { ...process.env, PULUMI_OSTOR_ENGINE_PATH: path };
  const { code } = await run(process.execPath, words, { cwd: root, env });
  return code;
});

/** The help takes no engine, and none should be built for it. */
async function withoutEngine() {
  await setupPackage({ log: console.error });
  return { path: "" };
}
