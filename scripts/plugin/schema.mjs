// @ts-check
import { tsImport } from "tsx/esm/api";

/** @typedef {typeof import("../../provider/plugin/schema/index.js").schema} Schema */

/**
 * The schema that the plugin serves.
 * @returns {Promise<Schema>}
 */
export async function readSchema() {
  const { schema } = await tsImport("../../provider/plugin/schema/index.ts", import.meta.url);
  return schema;
}
