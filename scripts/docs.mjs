// @ts-check
import { join } from "node:path";

import { isHelpAsked } from "./help.mjs";
import { main, run } from "./processes.mjs";
import { root, setupPackage } from "./setup.mjs";

const HELP = `Usage: npm run docs [-- --out FOLDER]

Makes a site of the Markdown pages that docs/README.md lists, and of the reference of each resource.
A link that leads nowhere fails it.

  --out FOLDER  where to put it (default: site); what is there is replaced
  --watch       make it again whenever a page or a source changes
  --help        print this text`;

await main(async () => {
  const args = process.argv.slice(2);
  if (isHelpAsked(args, HELP)) return 0;
  await setupPackage();
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: "1" };
  const { code } = await run(process.execPath, [typedoc, ...args], { cwd: root, env });
  return code;
});
