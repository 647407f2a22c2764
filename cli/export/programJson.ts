import { safeJson } from "../lines";
import type { Export, NamedTenant } from "./named";

/** The tenants as data without secrets, one a line, for the program in `loopText`. */
export function tenantsJson({ endpoint, tenants, leftOut }: Export): string {
  const lists = { tenants: tenants.map(bare), leftOut };
  const written = Object.entries(lists).map(([name, items]) => {
    const lines = items.map((item) => `    ${safeJson(item)}`);
    return `  ${safeJson(name)}: [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}]`;
  });
  return `{\n  "endpoint": ${safeJson(endpoint)},\n${written.join(",\n")}\n}\n`;
}

function bare({ name, emailAddress, state, userId, keys, buckets }: NamedTenant) {
  return {
    name,
    emailAddress,
    ...(state && { state }),
    userId,
    keys: keys.map(({ name: keyName, accessKeyId }) => ({ name: keyName, accessKeyId })),
    buckets: buckets.map((bucket) => bucket.name),
  };
}

/** A program that declares the tenants of `tenants.json` beside it. */
export const loopText = `import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ostor from "pulumi-ostor";

/** A user with its keys and buckets, as a line of tenants.json has it. */
interface Tenant {
  name: string;
  emailAddress: string;
  state?: ostor.UserStateName;
  userId: string;
  keys: { name: string; accessKeyId: string }[];
  buckets: string[];
}

const file = join(__dirname, "tenants.json");
const { tenants } = JSON.parse(readFileSync(file, "utf8")) as { tenants: Tenant[] };

for (const tenant of tenants) {
  const user = new ostor.User(
    tenant.name,
    { emailAddress: tenant.emailAddress, state: tenant.state, adopt: tenant.userId },
    { protect: true },
  );
  for (const key of tenant.keys) {
    new ostor.AccessKey(
      key.name,
      { user, adopt: key.accessKeyId },
      { protect: true },
    );
  }
  for (const bucket of tenant.buckets) {
    new ostor.Bucket(
      bucket,
      { name: bucket, owner: user },
      { protect: true },
    );
  }
}
`;
