import { safeJson } from "../lines";
import { leftOutComment, tenantsComment } from "./messages";
import type { Export, NamedTenant } from "./named";

/** A program in TypeScript for people to read and change: one statement for each resource. */
export function programText({ endpoint, tenants, leftOut }: Export): string {
  const missing = leftOut.map(({ what, why }) => leftOutComment(inComment(what), inComment(why)));
  const head = [tenantsComment(endpoint), ...missing, `import * as ostor from "pulumi-ostor";`];
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

/** After a line break the rest would not be a comment. */
function inComment(text: string): string {
  return safeJson(text).slice(1, -1);
}
