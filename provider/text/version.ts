import { createRequire } from "node:module";

/** A bundle contains the version as this constant, and no package.json. */
declare const bundledVersion: string | undefined;

/** The version of this package. */
export const version = typeof bundledVersion === "string" ? bundledVersion : readVersion();

function readVersion(): string {
  try {
    // By the package name: the path differs between the sources and dist/.
    const manifest: unknown = createRequire(__filename)("pulumi-ostor/package.json");
    return (manifest as { version: string }).version;
  } catch {
    // A bundle of another package may not contain the file.
    return "unknown";
  }
}
