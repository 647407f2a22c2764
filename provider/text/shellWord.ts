/** Characters that control a terminal or change the direction of writing. */
export const unsafe = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A word for a POSIX shell. Ids come from the service and must never be commands. */
export function shellWord(word: string): string {
  const shown = word.replace(unsafe, " ");
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
