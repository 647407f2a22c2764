/** A resource's class, as far as it is named. */
type Class = abstract new (...args: never[]) => unknown;

/**
 * Has the SDK take short stacks while a resource registers itself. It takes the text of one four times for each
 * property, for whoever looks for promises that never end with `PULUMI_DEBUG_PROMISE_LEAKS`; of a program of many
 * tenants that is a third of the time (seen with 3.245). What it tells the engine of the place in the program
 * has a limit of its own, and stays.
 *
 * @param resource - the class that the program constructs
 */
export function shortenStacks(resource: Class): {
  withPlace(error: unknown): unknown;
  end(): void;
} {
  const { stackTraceLimit } = Error;
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) Error.stackTraceLimit = 1;
  const end = () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
  return {
    end,
    /** An error that came out of the registration, with where in the program that was. */
    withPlace(error) {
      end();
      if (!(error instanceof Error)) return error;
      const here: { stack?: string } = {};
      Error.captureStackTrace(here, resource);
      const [, ...frames] = (here.stack ?? "").split("\n");
      error.stack = [error.stack, ...frames].join("\n");
      return error;
    },
  };
}
