import { version } from "../text/version";

const name = "pulumi-resource-ostor";

const usage = `Usage: ${name} [OPTIONS] ENGINE_ADDRESS

The resource plugin of ostor. The Pulumi engine starts it with its own address, and reads the port from its output.

  --attach   serve without an engine, which attaches later: PULUMI_DEBUG_PROVIDERS=ostor:<port>
  --version  print the version
  --help     print this text`;

/** What the plugin is asked to do: to serve, or to print a text and exit. */
export type Command =
  | { serve: true; engineAddress: string | undefined }
  | { serve: false; text: string; exitCode: number };

/**
 * Reads the arguments. Without an address the plugin serves an engine that attaches later; on a terminal it does so only
 * with `--attach`, because a person may want to know what the command is.
 *
 * @param isTerminal - whether a person typed the command
 */
export function commandOf(args: readonly string[], isTerminal: boolean): Command {
  if (args.includes("--help")) return { serve: false, text: usage, exitCode: 0 };
  if (args.includes("--version")) return { serve: false, text: version, exitCode: 0 };
  // The engine adds flags of its own; the last word is its address.
  const engineAddress = args.filter((word) => !word.startsWith("-")).at(-1);
  if (engineAddress === undefined && isTerminal && !args.includes("--attach")) {
    const text = `${name} ${version} is a resource plugin, which the Pulumi engine starts; see ${name} --help`;
    return { serve: false, text, exitCode: 1 };
  }
  return { serve: true, engineAddress };
}
