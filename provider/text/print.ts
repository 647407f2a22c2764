import { printed, type Message } from "./message";
import { plain } from "./plain";

/** Prints a warning among the messages of the engine's run. */
export function warn(message: Message): void {
  console.warn(`warning: ${line(message)}`);
}

/** Prints what is about to happen, where no action is needed. */
export function note(message: Message): void {
  console.info(line(message));
}

function line({ code, text }: Message): string {
  return printed({ code, text: plain(text) });
}
