// The engine's wire form of a secret: it marks results whatever the host says it accepts.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value as the engine stores it encrypted; it comes back from state as the plain value. */
export interface Secret {
  [signatureKey]: typeof secretSignature;
  value: string;
}

/** Marks a text as secret in what a provider returns or throws. */
export function secret(value: string): Secret {
  return { [signatureKey]: secretSignature, value };
}

/** The same as states and import files hold it before it is encrypted: a JSON text within a text. */
export function secretInFile(value: string) {
  return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
}
