import { printed, type Message } from "./message";
import { plain } from "./plain";

/** Prints a line for the person who runs the engine. */
export type Sink = (severity: "warning" | "info", line: string) => void;

/** The engine shows what the dynamic host prints, and the terminal what a command prints. */
const toConsole: Sink = (severity, line) => {
  if (severity === "warning") console.warn(`warning: ${line}`);
  else console.info(line);
};

let sink = toConsole;

/** Prints with another sink from now on: the engine hides what a plugin prints. */
export function printWith(other: Sink): void {
  sink = other;
}

/** Prints a warning among the messages of the engine's run. */
export function warn(message: Message): void {
  sink("warning", line(message));
}

/** Prints what is about to happen, where no action is needed. */
export function note(message: Message): void {
  sink("info", line(message));
}

function line({ code, text }: Message): string {
  return printed({ code, text: plain(text) });
}
