/** Characters that end a line, or that a terminal obeys. */
const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A word for a POSIX shell. Ids come from the service and must never be commands. */
export function shellWord(word: string): string {
  const shown = word.replace(unsafe, " ");
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
