const isSecretName = /secret|password|passphrase|token|plaintext/i;

/** Blots out of a text what a log holds in plain under a name of a secret: an engine hides it, an old one needn't. */
export function hideSecrets(text: string, log: string): string {
  return secretsIn(log).reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

/** Values of properties; what the engine shows as `plaintext` is JSON within. Shorter ones are parts of words. */
function secretsIn(log: string): string[] {
  const found = log.matchAll(/"([^"\\]{1,200})"\s*:\s*("(?:[^"\\]|\\.){8,}")/g);
  const values = [...found].flatMap(([, name = "", value = ""]) =>
    isSecretName.test(name) ? [textOf(value), textOf(textOf(value))] : [],
  );
  return [...new Set(values)].filter((value) => value.length >= 8 && value !== "[secret]");
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}
