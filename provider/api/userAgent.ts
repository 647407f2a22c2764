import { createRequire } from "node:module";

/** Names this package and its version to services, gateways and proxies. */
export const userAgent = `pulumi-ostor/${readVersion()}`;

function readVersion(): string {
  try {
    // By the package name: the path differs between the sources and dist/.
    const manifest: unknown = createRequire(__filename)("pulumi-ostor/package.json");
    return (manifest as { version: string }).version;
  } catch {
    // A bundle may not contain the file.
    return "unknown";
  }
}
