/** Reads users before they are asked for: the engine asks for few at a time, the service answers more. */
export interface LookAhead {
  /** Adds a user that the list told of; it may yet be asked for alone. */
  expect(emailAddress: string): void;
  /** Reads those who were expected first: somebody asked for one of them alone. */
  begin(): void;
  /** Tells that an answer was asked for: another one may be read. */
  taken(emailAddress: string): void;
  clear(): void;
}

/**
 * Opens a look ahead. A stack of ten thousand users and one key isn't read whole: it stops while answers wait that
 * nobody asked for.
 *
 * @param width - how many are read at a time
 * @param start - reads a user whose answer nobody holds yet; undefined when there is nothing to do
 */
export function createLookAhead(
  width: number,
  start: (emailAddress: string) => Promise<unknown> | undefined,
): LookAhead {
  let expected: string[] = [];
  let next = 0;
  const waiting = new Set<string>();
  let running = 0;
  const readMore = (): void => {
    while (running < width && waiting.size < 2 * width) {
      const emailAddress = expected[next];
      if (emailAddress === undefined) return;
      next += 1;
      const reading = start(emailAddress);
      if (reading) read(emailAddress, reading);
    }
  };
  const read = (emailAddress: string, reading: Promise<unknown>): void => {
    running += 1;
    waiting.add(emailAddress);
    const done = () => {
      running -= 1;
      readMore();
    };
    reading.then(done, done);
  };
  return {
    expect(emailAddress) {
      expected.push(emailAddress);
    },
    begin: readMore,
    taken(emailAddress) {
      if (waiting.delete(emailAddress)) readMore();
    },
    clear() {
      expected = [];
      next = 0;
      waiting.clear();
    },
  };
}
