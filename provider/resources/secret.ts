// The engine's wire form of a secret: it marks results whatever the host says it accepts.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value as the engine stores it encrypted; it comes back from state as the plain value. */
export interface Secret<T = string> {
  [signatureKey]: typeof secretSignature;
  value: T;
}

/** Marks a value as secret in what a provider returns or throws. */
export function secret<T = string>(value: T): Secret<T> {
  return { [signatureKey]: secretSignature, value };
}

/** Whether a value is marked as secret, by this package or by the engine. */
export function isSecret(value: unknown): value is { value: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    Reflect.get(value, signatureKey) === secretSignature
  );
}

/** The same as states and import files hold it before it is encrypted: a JSON text within a text. */
export function secretInFile(value: string) {
  return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
}
