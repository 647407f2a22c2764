/**
 * Makes text safe for a terminal: one line, without control characters or marks that reverse the text. A long word is cut, so
 * that it does not hide the rest.
 */
export function plain(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .toWellFormed()
    .replace(/(\S{400})\S+/gu, "$1…");
}

/** Text of a foreign server, short enough for an error message. */
export function oneLine(text: string): string {
  return clipped(plain(text.trimStart().slice(0, 1000)).trim(), 300);
}

/** The name of an attempt, cut so that the cause stays visible: an import file may name anything. */
export function brief(attempt: string): string {
  return clipped(plain(attempt), 400);
}

/** Text cut to a length, so that it does not hide what follows. */
export function clipped(text: string, length: number): string {
  return text.length > length ? `${plain(text.slice(0, length))}…` : text;
}
