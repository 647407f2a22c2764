/**
 * Text made fit for a terminal: on one line, with nothing in it that moves the cursor or reverses the text, and no name so
 * long that it hides the rest.
 */
export function plain(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, " ")
    .toWellFormed()
    .replace(/(\S{400})\S+/gu, "$1…");
}

/** Text of a foreign server made fit for one line of an error message. */
export function oneLine(text: string): string {
  return clipped(plain(text.trimStart().slice(0, 1000)).trim(), 300);
}

/** The name of an attempt, cut where it would hide what went wrong: an import file may name anything. */
export function brief(attempt: string): string {
  return clipped(plain(attempt), 400);
}

/** Text cut to a length, so that it does not hide what follows. */
export function clipped(text: string, length: number): string {
  return text.length > length ? `${plain(text.slice(0, length))}…` : text;
}
