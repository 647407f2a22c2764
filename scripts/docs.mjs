// @ts-check
import { join } from "node:path";

import { isHelpAsked } from "./help.mjs";
import { main, run } from "./processes.mjs";
import { root, setupPackage } from "./setup.mjs";

const HELP = `Usage: npm run docs [-- --out FOLDER]

Makes a site of the Markdown pages that docs/README.md lists, and of the reference of each resource.
A link that leads nowhere fails it.

  --out FOLDER  where to put it, over what is there (default: site, which is emptied before)
  --help        print this text`;

await main(async () => {
  const args = process.argv.slice(2);
  if (isHelpAsked(args, HELP)) return 0;
  await setupPackage();
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" };
  // Typedoc would empty any folder that it is given, and people mistype.
  const words = args.length === 0 ? ["--cleanOutputDir"] : args;
  const { code } = await run(process.execPath, [typedoc, ...words], { cwd: root, env });
  return code;
});
