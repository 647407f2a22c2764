/** The name of a property that may hold a secret, up to the quote that opens its value. */
const secretName =
  /"[^"\\]{0,200}?(?:secret|password|passphrase|token|plaintext)[^"\\]{0,200}"\s*:\s*"/gi;

/** Hides in a text what a log contains in plain text under the name of a secret. The engine hides it too; an old one may not. */
export function hideSecrets(text: string, log: string): string {
  return secretsIn(log).reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

/** Values of such properties; `plaintext` of the engine contains JSON. Short values are left: they are parts of words. */
function secretsIn(log: string): string[] {
  const values = new Set<string>();
  for (const { 0: name, index } of log.matchAll(secretName)) {
    const start = index + name.length;
    const value = textOf(`"${log.slice(start, endOfText(log, start))}"`);
    values.add(value).add(textOf(value));
  }
  return [...values].filter((value) => value.length >= 8 && value !== "[secret]");
}

/** The end of a JSON text. A regular expression would exceed the call stack in one of some megabytes. */
function endOfText(log: string, start: number): number {
  let end = start;
  while (end < log.length && log[end] !== '"') end += log[end] === "\\" ? 2 : 1;
  return end;
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}
