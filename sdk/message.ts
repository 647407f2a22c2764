import { log, RunError } from "@pulumi/pulumi";
import { withoutSdk } from "./shortStacks";

/** A text for the person who runs the program. */
export interface Message {
  /** Short and stable; `docs/troubleshooting.md` explains it under this name. Empty for a failure that is not known. */
  code: string;
  text: string;
}

/** The error that ends a program with one line instead of a stack. */
export function refusal({ code, text }: Message): RunError {
  const error = new RunError(printed(code, text));
  error.stack = withoutSdk(error.stack ?? "");
  return error;
}

/** Builds the error that a function of a `messages.ts` returns. */
export function failure(code: string, text: string): RunError {
  return refusal({ code, text });
}

/** Prints a warning; the program continues. */
export function warn({ code, text }: Message): void {
  void log.warn(printed(code, text));
}

function printed(code: string, text: string): string {
  return code === "" ? text : `${text} [${code}]`;
}
