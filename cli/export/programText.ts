import { safeJson } from "../lines";
import type { Export, NamedTenant } from "./named";

/** The program as TypeScript that people read and change: one statement for each resource. */
export function programText({ endpoint, tenants, leftOut }: Export): string {
  const missing = leftOut.map(
    ({ what, why }) => `// Left out: ${inComment(what)}: ${inComment(why)}`,
  );
  const head = [
    `// The tenants of ${endpoint}, as pulumi-ostor export found them.`,
    ...missing,
    `import * as ostor from "pulumi-ostor";`,
  ];
  return `${[head.join("\n"), ...tenants.map(statements)].join("\n\n")}\n`;
}

function statements(tenant: NamedTenant): string {
  const { name, variable, emailAddress, state, userId, keys, buckets } = tenant;
  const args = { emailAddress, ...(state && { state }), adopt: userId };
  const user = declaration("User", name, Object.entries(args).map(quoted));
  const isUsed = keys.length + buckets.length > 0;
  return [
    isUsed ? `const ${variable} = ${user}` : user,
    ...keys.map(({ name: keyName, accessKeyId }) =>
      declaration("AccessKey", keyName, [`user: ${variable}`, quoted(["adopt", accessKeyId])]),
    ),
    ...buckets.map((bucket) =>
      declaration("Bucket", bucket.name, [quoted(["name", bucket.name]), `owner: ${variable}`]),
    ),
  ].join("\n");
}

function declaration(resource: string, name: string, properties: string[]): string {
  const lines = [safeJson(name), `{ ${properties.join(", ")} }`, "{ protect: true }"];
  return `new ostor.${resource}(\n${lines.map((line) => `  ${line},\n`).join("")});`;
}

function quoted([name, value]: readonly [string, string]): string {
  return `${name}: ${safeJson(value)}`;
}

/** A line's end would make a program of what follows. */
function inComment(text: string): string {
  return safeJson(text).slice(1, -1);
}
