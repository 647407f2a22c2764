import { resolve } from "node:path";

/** The compiled command line. `npm test` compiles what has changed; otherwise run `npm run build`. */
export const command = resolve(__dirname, "../../dist/cli/index.js");
