/** The class of a resource. */
type Class = abstract new (...args: never[]) => unknown;

/**
 * Shortens the stacks that the SDK captures while a resource registers itself (seen with 3.245). For
 * `PULUMI_DEBUG_PROMISE_LEAKS` the SDK captures four stacks for each property, a third of the time of a program with many
 * tenants. The engine also stores the stack of each resource. The frames of Node.js, the SDK and the TypeScript loader below
 * the program are a fifth of the state, and contain folders of the machine. The program's own frames stay.
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
    /** Adds the place in the program to an error of the registration. */
    withPlace(error) {
      end();
      if (!(error instanceof Error)) return error;
      const here: { stack?: string } = {};
      Error.captureStackTrace(here, resource);
      const [, ...frames] = (here.stack ?? "").split("\n");
      error.stack = [error.stack, withoutSdk(frames.join("\n"))].join("\n");
      return error;
    },
  };
}

/** The part of a V8 call site that this file uses. */
interface Frame {
  getFileName(): string | null | undefined;
  toString(): string;
}

/** Removes the frames below the program. Keeps the way in which others, such as ts-node, write a frame. */
function trimStacks(): void {
  // The types declare a function, but Node.js has none by default.
  const write = Reflect.get(Error, "prepareStackTrace") as typeof asNode | undefined;
  // Node.js maps source positions by itself, but only without `prepareStackTrace`.
  if (!write && process.sourceMapsEnabled) return;
  Error.prepareStackTrace = (error, frames) => (write ?? asNode)(error, ofProgram(frames));
}

function asNode(error: Error, frames: Frame[]): unknown {
  return [String(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join("\n");
}

const loader = /^node:|[\\/]node_modules[\\/](@pulumi[\\/]pulumi|ts-node|tsx)[\\/]/;

function ofProgram(frames: Frame[]): Frame[] {
  const isProgram = (frame: Frame) => !loader.test(frame.getFileName() ?? "node:");
  const below = [...frames].reverse().findIndex(isProgram);
  return below < 0 ? frames : frames.slice(0, frames.length - below);
}

/**
 * Removes the frames of the SDK from a stack. Node.js 20.20 and 22.23 print a stack in colours, as the SDK does with each error that ends a program, without an end if a
 * frame's path has no folder after `node_modules/@scope/name`. The SDK's source maps contain such paths, for example
 * `node_modules/@pulumi/resource.ts`: the program ran for half a minute and out of memory before it printed the error.
 */
export function withoutSdk(stack: string): string {
  const isSdk = (line: string) => /[\\/]node_modules[\\/]@pulumi[\\/]/.test(line);
  return stack
    .split("\n")
    .filter((line) => !isSdk(line))
    .join("\n");
}
