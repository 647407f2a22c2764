// @ts-check
import { main, run } from "./processes.mjs";
import { root, setup } from "./setup.mjs";

/** The package and an engine first: what is measured must be what stands here. */
await main(async () => {
  const { path } = await setup();
  const words = ["--import", "tsx", "bench/index.ts", ...process.argv.slice(2)];
  const env = { ...process.env, PULUMI_OSTOR_ENGINE_PATH: path };
  const { code } = await run(process.execPath, words, { cwd: root, env });
  return code;
});
