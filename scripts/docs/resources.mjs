// @ts-check
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { format } from "oxfmt";

import { isHelpAsked } from "../help.mjs";
import { readSchema } from "../plugin/schema.mjs";
import { isStarted, main } from "../processes.mjs";
import { root } from "../setup.mjs";

const HELP = `Usage: npm run docs:resources

Writes the tables of docs/resources/ from the schema of the plugin. Each table is between two comments:
<!-- inputs of User --> and <!-- end -->; "outputs of" and "properties of" likewise.

  --help  print this text`;

/** The pages with tables, relative to the root. */
export const resourcePages = ["user", "accessKey", "rotatingAccessKey", "bucket", "functions"].map(
  (name) => `docs/resources/${name}.md`,
);

/** @typedef {{ type?: string, $ref?: string, items?: Property, additionalProperties?: Property }} Shape */
/** @typedef {Shape & { description?: string, default?: unknown, secret?: boolean }} Property */
/** @typedef {{ properties?: Record<string, Property>, required?: readonly string[] }} Properties */

/**
 * A page with its tables written anew, formatted as the repository is.
 * @param {string} text
 * @param {import("../plugin/schema.mjs").Schema} schema
 */
export async function withTables(text, schema) {
  const filled = text.replace(
    /(<!-- (inputs|outputs|properties) of (\w+) -->\n).*?(<!-- end -->)/gs,
    (_, begin, side, name, end) => {
      const { properties = {}, required = [] } = propertiesOf(schema, side, name);
      return `${begin}\n${table(schema, properties, required, side)}\n${end}`;
    },
  );
  const options = JSON.parse(await readFile(join(root, ".oxfmtrc.json"), "utf8"));
  return (await format("page.md", filled, options)).code;
}

/**
 * @param {import("../plugin/schema.mjs").Schema} schema
 * @param {string} side
 * @param {string} name
 * @returns {Properties}
 */
function propertiesOf(schema, side, name) {
  const token = `ostor:index:${name}`;
  const { resources, functions, types } = /** @type {Record<string, Record<string, any>>} */ (
    /** @type {unknown} */ (schema)
  );
  const resource = resources?.[token];
  if (resource && side === "inputs") {
    return { properties: resource.inputProperties, required: resource.requiredInputs };
  }
  const found = resource ?? functions?.[token]?.[side] ?? types?.[token];
  if (!found) throw new Error(`The schema has no ${side} of ${name}`);
  return found;
}

/**
 * @param {import("../plugin/schema.mjs").Schema} schema
 * @param {Record<string, Property>} properties
 * @param {readonly string[]} required
 * @param {string} side
 */
function table(schema, properties, required, side) {
  const rows = Object.entries(properties).map(([name, property]) => {
    const notes = [
      property.secret ? "secret" : "",
      side === "inputs" && required.includes(name) ? "required" : "",
      side !== "inputs" && !required.includes(name) ? "may be absent" : "",
      property.default === undefined ? "" : `default \`${JSON.stringify(property.default)}\``,
    ];
    const type = [typeOf(schema, property), ...notes].filter((each) => each !== "").join(", ");
    return `| \`${name}\` | ${type} | ${(property.description ?? "").replaceAll("|", "\\|")} |`;
  });
  return [
    `| ${side === "properties" ? "property" : side.slice(0, -1)} | type | |`,
    "|-|-|-|",
    ...rows,
  ].join("\n");
}

/**
 * @param {import("../plugin/schema.mjs").Schema} schema
 * @param {Property} property
 * @returns {string}
 */
function typeOf(schema, { type, $ref, items, additionalProperties }) {
  const inner = items ?? additionalProperties;
  if (inner) return `${items ? "list" : "map"} of ${typeOf(schema, inner)}${inner.type ? "s" : ""}`;
  const name = $ref?.split("/").at(-1);
  if (name === undefined) return type ?? "any";
  /** @type {{ enum?: readonly { value: string }[] } | undefined} */
  const named = /** @type {Record<string, any>} */ (schema.types)[name];
  const values = named?.enum?.map(({ value }) => `\`"${value}"\``).join(" or ");
  return values ?? `[${name.split(":").at(-1)}](#${name.split(":").at(-1)?.toLowerCase()})`;
}

if (isStarted(import.meta.url)) {
  await main(async () => {
    if (isHelpAsked(process.argv.slice(2), HELP)) return;
    const schema = await readSchema();
    for (const page of resourcePages) {
      const path = join(root, page);
      await writeFile(path, await withTables(await readFile(path, "utf8"), schema));
    }
  });
}
