import { log } from "@pulumi/pulumi";

// "RegisterResource RPC finished: resource:acme[pulumi-nodejs:dynamic/ostor:User]; err: null, resp: …", or of an explicit
// provider, whose settings come back.
const ourAnswer =
  /^(.*\[(?:pulumi-nodejs:dynamic\/ostor:\w+|pulumi:providers:pulumi-nodejs)\].*, resp: ).*$/s;

/**
 * Leaves the engine's answers about our resources out of the debug log. The SDK writes them there whole, with
 * secrets in plain, and the engine prints them from `-v=3` on (seen with 3.245 and engine 3.259).
 */
export function hideAnswers(target: { debug: typeof log.debug } = log): void {
  const { debug } = target;
  target.debug = (message: unknown, ...rest: []) =>
    debug(String(message).replace(ourAnswer, "$1[left out, it may hold secrets]"), ...rest);
}
