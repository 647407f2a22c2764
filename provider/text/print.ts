import type { Message } from "./message";
import { plain } from "./plain";

/** Prints a warning among the messages of the engine's run. */
export function warn({ text, code }: Message): void {
  console.warn(`warning: ${plain(text)} [${code}]`);
}

/** Prints what is about to happen, where no action is needed. */
export function note({ text, code }: Message): void {
  console.info(`${plain(text)} [${code}]`);
}
