import { log } from "@pulumi/pulumi";

// "RegisterResource RPC finished: resource:acme[pulumi-nodejs:dynamic/ostor:User]; err: null, resp: …". The answer about an
// explicit provider contains its settings.
const ourAnswer =
  /^(.*\[(?:(?:pulumi-nodejs:dynamic\/ostor|ostor:index):\w+|pulumi:providers:(?:pulumi-nodejs|ostor))\].*, resp: ).*$/s;

/**
 * Removes the engine's answers about these resources from the debug log. The SDK logs them with secrets in plain text, and the
 * engine prints them from `-v=3` (seen with SDK 3.245 and engine 3.259).
 */
export function hideAnswers(target: { debug: typeof log.debug } = log): void {
  const { debug } = target;
  target.debug = (message: unknown, ...rest: []) =>
    debug(String(message).replace(ourAnswer, "$1[left out, it may hold secrets]"), ...rest);
}
