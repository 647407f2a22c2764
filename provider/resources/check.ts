import { z } from "zod";
import { plain } from "../text/plain";
import { propertyInvalid, propertyMissing, storedUnreadable, unknownProperty } from "./messages";
import type { Bag, CheckFailure, Checked } from "./lifecycle";
import { isUnknown } from "../settings/unknown";

/** An e-mail address. No rule of the service is documented, so only what cannot be an address is rejected. */
export const emailAddress = z
  .string("must be an e-mail address")
  .max(320, "must be an e-mail address of at most 320 characters")
  .regex(
    /^[^\s\p{Cc}\p{Cs}@]+@[^\s\p{Cc}\p{Cs}@]+$/u,
    "must be an e-mail address such as ops@acme.example",
  );

/** Id of a user or of an access key. */
export const apiId = z
  .string("must be a text")
  .regex(/^[\x21-\x7e]{1,128}$/, "must be one word without spaces");

/** Values whose change replaces a resource. A value that arrives empty would never change. */
export const keepers = z.record(
  z.string(),
  z
    .unknown()
    .refine(
      (value) => !hasEmpty(value),
      "must be text, a number, true or false: a Date, Map or Set arrives here empty, so that its changes have no effect; give text, such as date.toISOString()",
    ),
  "must be a map",
);

function hasEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const parts = Object.values(value);
  return parts.length === 0 ? !Array.isArray(value) : parts.some(hasEmpty);
}

/** A switch that is off by default. */
export const flag = z.boolean("must be true or false").default(false);

/**
 * Checks a resource's inputs property by property and fills in defaults. A value that this preview does not know passes
 * as it is. A failure names the property, and never a text that was given for it, which may be a secret.
 */
export function checkInputs(schemas: Record<string, z.ZodType>, news: Bag): Checked {
  const inputs: Bag = {};
  const failures: CheckFailure[] = Object.keys(news)
    .filter((name) => name !== "__provider" && !(name in schemas))
    .map((name) => ({
      property: name,
      reason: unknownProperty(printable(name), Object.keys(schemas)),
    }));
  for (const [name, schema] of Object.entries(schemas)) {
    const value = news[name] ?? undefined;
    if (isUnknown(value)) {
      inputs[name] = value;
      continue;
    }
    const result = schema.safeParse(value);
    if (!result.success) failures.push(failure(name, value, result.error));
    else if (result.data !== undefined) inputs[name] = result.data;
  }
  return { inputs, failures };
}

/**
 * Reads what any release stored in a stack: null counts as absent.
 *
 * @throws CodedError that names the property that no release stored, never its value
 */
export function readStored<T>(what: string, shape: z.ZodType<T>, bag: Bag): T {
  const result = shape.safeParse(withoutNulls(bag));
  if (result.success) return result.data;
  const { path = [], message = "" } = result.error.issues[0] ?? {};
  throw storedUnreadable(what, path.join("."), message);
}

/** Copies only a bag with a null, which is rare: a copy of each resource takes longer than its schema. */
function withoutNulls(bag: Bag): Bag {
  if (!Object.values(bag).includes(null)) return bag;
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== null));
}

function failure(name: string, value: unknown, error: z.ZodError): CheckFailure {
  if (value === undefined) return { property: name, reason: propertyMissing(name) };
  const { message = "is not valid", path = [] } = error.issues[0] ?? {};
  const shown = ["number", "boolean"].includes(typeof value) ? printable(value) : undefined;
  const reason = propertyInvalid(plain([name, ...path].join(".")), message, shown);
  return { property: name, reason };
}

function printable(value: unknown): string {
  const isJson = !["bigint", "function", "symbol"].includes(typeof value);
  return plain((isJson ? JSON.stringify(value) : String(value)).slice(0, 100));
}
