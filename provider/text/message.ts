/** A text for the person who runs the engine. */
export interface Message {
  /** Short and stable; `docs/troubleshooting.md` explains it under this name. */
  code: string;
  /** One line: what was attempted, on what, what was found, and what fixes it. */
  text: string;
}

/** A failure with a code. Code recognises it by class and code, never by its text. */
export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: string;

  constructor({ code, text }: Message, options?: ErrorOptions) {
    super(text, options);
    this.code = code;
  }
}

/** Builds the error that a function of a `messages.ts` returns. */
export function failure(code: string, text: string, cause?: unknown): CodedError {
  return new CodedError({ code, text }, cause === undefined ? undefined : { cause });
}

/** A message as it is printed; a failure that the package does not know has no code. */
export function printed({ text, code }: Message): string {
  return code === "" ? text : `${text} [${code}]`;
}

/** The text of anything that was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
