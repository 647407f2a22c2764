/** Reads users before the engine asks for them: the engine asks for few at a time, the service answers more. */
export interface ReadAhead {
  /** Adds a user that the list answered for. It may be read alone later, for its keys. */
  expect(emailAddress: string): void;
  /** Starts to read the users that were added. */
  begin(): void;
  /** Notes that the engine asked for a user, so that another one may be read. */
  taken(emailAddress: string): void;
}

/**
 * Opens a queue of users to read ahead. It pauses while twice `width` answers wait that nothing asked for: a stack with many
 * users and one key is not read whole.
 *
 * @param width - how many users are read at a time
 * @param start - reads a user; undefined if it was read already
 */
export function createReadAhead(
  width: number,
  start: (emailAddress: string) => Promise<unknown> | undefined,
): ReadAhead {
  const expected: string[] = [];
  const waiting = new Set<string>();
  let next = 0;
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
    expect: (emailAddress) => void expected.push(emailAddress),
    begin: readMore,
    taken(emailAddress) {
      if (waiting.delete(emailAddress)) readMore();
    },
  };
}
