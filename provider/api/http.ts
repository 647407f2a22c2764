import type { Agent, buildConnector, Dispatcher } from "undici";

/** What is used of undici. */
export interface Http {
  Agent: typeof Agent;
  buildConnector: typeof buildConnector;
  request: (
    dispatcher: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

type Request = (options: Dispatcher.RequestOptions) => Promise<Dispatcher.ResponseData>;

/**
 * Loads the HTTP client. Through its own door comes all else that undici holds, a fetch and a WebSocket among it, which
 * takes four times as long in every run. The parts are no documented interface: where a release has moved one, the
 * door it is.
 *
 * @param load - finds a module by its name; default `require`
 */
export function loadHttp(load: (name: string) => unknown = require): Http {
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
