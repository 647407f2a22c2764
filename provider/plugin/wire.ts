import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import type { Bag } from "../resources/lifecycle";
import { isSecret, secret } from "../resources/secret";
import { unknownMarker } from "../settings/unknown";

/** What the engine sends for a value that a preview does not know: one marker for each type. */
export const unknownMarkers: readonly string[] = [
  unknownMarker,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Properties as they arrive, with marks of secrets and of unknown values. */
export function bagOf(struct: Struct | undefined): Bag {
  return struct?.toJavaScript() ?? {};
}

/** Properties as they are sent. Undefined properties are left out: the wire has no such value. */
export function structOf(bag: object): Struct {
  return Struct.fromJavaScript(defined(bag) as Record<string, JavaScriptValue>);
}

/** Properties as life cycles know them: secrets as plain values, one marker for unknown values, and no null. */
export function plainOf(bag: Bag): Bag {
  const entries = Object.entries(bag).map(([name, value]) => [name, plainValue(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

/**
 * Marks as secret what is secret in other properties of the same shape.
 *
 * @param model - properties as they arrived
 */
export function markLike(value: unknown, model: unknown): unknown {
  if (value === undefined || isSecret(value)) return value;
  if (isSecret(model)) return secret(value);
  if (!isObject(value) || !isObject(model)) return value;
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => markLike(each, Reflect.get(model, index)));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      markLike(each, Object.hasOwn(model, name) ? Reflect.get(model, name) : undefined),
    ]),
  );
}

/** Whether a value is secret, or something in it. */
export function containsSecret(value: unknown): boolean {
  return isSecret(value) || (isObject(value) && Object.values(value).some(containsSecret));
}

function plainValue(value: unknown): unknown {
  if (typeof value === "string") return unknownMarkers.includes(value) ? unknownMarker : value;
  if (!isObject(value)) return value;
  if (isSecret(value)) return plainValue(value.value);
  return Array.isArray(value) ? value.map(plainValue) : mapped(value, plainValue);
}

function defined(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) return value.map((each) => defined(each ?? null));
  return mapped(value, defined);
}

/** An object with each value replaced, without those that are undefined. */
function mapped(value: object, replace: (each: unknown) => unknown): object {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, replace(each)]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
