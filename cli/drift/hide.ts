/** The name of a property that may hold a secret, up to the quote that opens its value. */
const secretName =
  /"[^"\\]{0,200}?(?:secret|password|passphrase|token|plaintext)[^"\\]{0,200}"\s*:\s*"/gi;

/** Blots out of a text what a log holds in plain under a name of a secret: an engine hides it, an old one needn't. */
export function hideSecrets(text: string, log: string): string {
  return secretsIn(log).reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

/** Values of properties; what the engine shows as `plaintext` is JSON within. Shorter ones are parts of words. */
function secretsIn(log: string): string[] {
  const values = new Set<string>();
  for (const { 0: name, index } of log.matchAll(secretName)) {
    const start = index + name.length;
    const value = textOf(`"${log.slice(start, endOfText(log, start))}"`);
    values.add(value).add(textOf(value));
  }
  return [...values].filter((value) => value.length >= 8 && value !== "[secret]");
}

/** Where a text of JSON ends. A pattern would run out of stack in one of some megabytes. */
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
