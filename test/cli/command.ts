import { resolve } from "node:path";

/** The command line as people run it, compiled: `npm test` compiles what has changed, `npm run build` does alone. */
export const command = resolve(__dirname, "../../dist/cli/index.js");
