/** The key of an object in a state that stands for a value, and what it contains for an output. */
const signature = "4dabf18193072939515e22adb298388d";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/**
 * A value of an exported state. An output that is not secret is unwrapped. A secret stays an object with the encrypted
 * text, whether it is an output or not.
 */
export function unwrapped(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !(signature in value)) return value;
  const wrapped = value as { [signature]: unknown; value?: unknown; secret?: unknown };
  const isPlain = wrapped[signature] === outputSignature && wrapped.secret !== true;
  return isPlain ? unwrapped(wrapped.value) : value;
}

/** A text of an exported state; undefined if it is missing or secret. */
export function textIn(
  values: Record<string, unknown> | null | undefined,
  name: string,
): string | undefined {
  const value = unwrapped(values?.[name]);
  return typeof value === "string" ? value : undefined;
}

/** Whether a property is stored, and its value is secret. */
export function isSecretIn(
  values: Record<string, unknown> | null | undefined,
  name: string,
): boolean {
  const value = unwrapped(values?.[name]);
  return typeof value === "object" && value !== null && signature in value;
}
