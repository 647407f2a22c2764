/**
 * Text made fit for a terminal: on one line, with nothing in it that moves the cursor or turns the text round, and
 * no name so long that it hides the rest.
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

/** Text cut to a length, so that it does not hide what follows. */
export function clipped(text: string, length: number): string {
  return text.length > length ? `${plain(text.slice(0, length))}…` : text;
}
