/** A resource's class, as far as it is named. */
type Class = abstract new (...args: never[]) => unknown;

/**
 * Has the SDK take short stacks while a resource registers itself (seen with 3.245). It takes the text of one four
 * times for each property, for whoever looks for promises that never end with `PULUMI_DEBUG_PROMISE_LEAKS`; of a program
 * of many tenants that is a third of the time. And the engine stores the whole stack of each resource: of what stands
 * below the program in it, Node's, the SDK's and the TypeScript loader's frames, nobody learns anything, yet they are a
 * fifth of the state, with the folders of the machine. The program's own frames stay, those of components too.
 *
 * @param resource - the class that the program constructs
 */
export function shortenStacks(resource: Class): {
  withPlace(error: unknown): unknown;
  end(): void;
} {
  const { stackTraceLimit } = Error;
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] === undefined) {
    Error.stackTraceLimit = 1;
    trimStacks();
  }
  const end = () => {
    Error.stackTraceLimit = stackTraceLimit;
    if (own) Object.defineProperty(Error, "prepareStackTrace", own);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
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

/** What is looked at of a call site of V8. */
interface Frame {
  getFileName(): string | null | undefined;
  toString(): string;
}

/** Leaves out what stands below the program. How a frame is written stays with who writes it, such as ts-node. */
function trimStacks(): void {
  // Node has no function for its own way, which its types don't tell.
  const write = Reflect.get(Error, "prepareStackTrace") as typeof asNodeWrites | undefined;
  // Node maps the places by itself then, and only while nobody else writes stacks.
  if (!write && process.sourceMapsEnabled) return;
  Error.prepareStackTrace = (error, frames) => (write ?? asNodeWrites)(error, ofProgram(frames));
}

function asNodeWrites(error: Error, frames: Frame[]): unknown {
  return [String(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join("\n");
}

const loader = /^node:|[\\/]node_modules[\\/](@pulumi[\\/]pulumi|ts-node|tsx)[\\/]/;

function ofProgram(frames: Frame[]): Frame[] {
  const isProgram = (frame: Frame) => !loader.test(frame.getFileName() ?? "node:");
  const below = [...frames].reverse().findIndex(isProgram);
  return below < 0 ? frames : frames.slice(0, frames.length - below);
}
