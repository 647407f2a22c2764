import type { Agent, buildConnector, Dispatcher } from "undici";

/** The part of undici that this package uses. */
export interface Http {
  Agent: typeof Agent;
  buildConnector: typeof buildConnector;
  request: (
    dispatcher: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

type Request = (options: Dispatcher.RequestOptions) => Promise<Dispatcher.ResponseData>;

/** The modules by name, each in a literal `require`: a bundler finds no others. */
const modules = {
  /* oxlint-disable typescript/no-require-imports -- loaded when needed, and the parts have no types */
  "undici/lib/dispatcher/agent.js": () => require("undici/lib/dispatcher/agent.js") as unknown,
  "undici/lib/core/connect.js": () => require("undici/lib/core/connect.js") as unknown,
  "undici/lib/api/api-request.js": () => require("undici/lib/api/api-request.js") as unknown,
  undici: () => require("undici") as unknown,
  /* oxlint-enable typescript/no-require-imports */
};

/** Loads a module of undici by its name. */
export type LoadModule = (name: keyof typeof modules) => unknown;

/**
 * Loads the HTTP client from parts of undici: its main module also loads fetch and WebSocket, which takes four times as long.
 * The parts are not a documented interface. If a release has moved one, loads the main module.
 *
 * @param load - loads a module by its name; by default from this package's dependencies
 */
export function loadHttp(load: LoadModule = (name) => modules[name]()): Http {
  try {
    const parts = {
      Agent: load("undici/lib/dispatcher/agent.js") as Http["Agent"],
      buildConnector: load("undici/lib/core/connect.js") as Http["buildConnector"],
    };
    const request = load("undici/lib/api/api-request.js") as Request;
    return { ...parts, request: (dispatcher, options) => request.call(dispatcher, options) };
  } catch {
    const { Agent, buildConnector } = load("undici") as Pick<Http, "Agent" | "buildConnector">;
    return { Agent, buildConnector, request: (dispatcher, options) => dispatcher.request(options) };
  }
}
