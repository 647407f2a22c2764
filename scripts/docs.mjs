// @ts-check
import { join } from "node:path";

import { isHelpAsked } from "./help.mjs";
import { main, run } from "./processes.mjs";
import { root, setupPackage } from "./setup.mjs";

const HELP = `Usage: npm run docs [-- --out FOLDER]

Builds a site from the Markdown pages that docs/README.md lists and the reference of each resource.
A broken link is an error.

  --out FOLDER  the folder to write to, which is not emptied (default: site, which is emptied)
  --help        print this text`;

await main(async () => {
  const args = process.argv.slice(2);
  if (isHelpAsked(args, HELP)) return 0;
  await setupPackage();
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" };
  // Typedoc empties the output folder. Do not let it empty a folder that the user names.
  const words = args.length === 0 ? ["--cleanOutputDir"] : args;
  const { code } = await run(process.execPath, [typedoc, ...words], { cwd: root, env });
  return code;
});
