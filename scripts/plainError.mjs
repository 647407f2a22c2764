// @ts-check

/** An error whose message is all a person needs: it is printed as one line, without a stack. */
export class PlainError extends Error {}
