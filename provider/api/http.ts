import type { Dispatcher, EnvHttpProxyAgent } from "undici";

/** What is used of undici. */
export interface Http {
  Agent: typeof EnvHttpProxyAgent;
  request: (
    dispatcher: Dispatcher,
    options: Dispatcher.RequestOptions,
  ) => Promise<Dispatcher.ResponseData>;
}

type Request = (options: Dispatcher.RequestOptions) => Promise<Dispatcher.ResponseData>;

/** Variables that name a proxy. */
const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

/**
 * Loads the HTTP client. Through its own door comes all else that undici holds, a fetch and a WebSocket among it, which
 * takes four times as long in every run. The parts are no documented interface: where a release has moved one, the
 * door it is. So it is where there is a proxy: its tunnel is opened by a method that the door alone adds.
 *
 * @param load - finds a module by its name; default `require`
 */
export function loadHttp(load: (name: string) => unknown = require): Http {
  if (proxyVariables.some((name) => (process.env[name] ?? "") !== "")) return throughDoor(load);
  try {
    const Agent = load("undici/lib/dispatcher/env-http-proxy-agent.js") as typeof EnvHttpProxyAgent;
    const request = load("undici/lib/api/api-request.js") as Request;
    return { Agent, request: (dispatcher, options) => request.call(dispatcher, options) };
  } catch {
    return throughDoor(load);
  }
}

function throughDoor(load: (name: string) => unknown): Http {
  const { EnvHttpProxyAgent: Agent } = load("undici") as { EnvHttpProxyAgent: Http["Agent"] };
  return { Agent, request: (dispatcher, options) => dispatcher.request(options) };
}
