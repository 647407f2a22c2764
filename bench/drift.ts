import { openOurs, type Contender, type Options } from "./contenders";
import type { Measurement } from "./interleave";
import { interleave } from "./interleave";
import { noPrompt } from "./measures";

/**
 * Runs the commands that detect drift in turns, while nothing differs. The two of the engine read a list without keys, and
 * then each user; `pulumi-ostor drift` also runs on a cluster whose list contains keys.
 */
export async function measureDrift(
  options: Options,
  rounds: number,
): Promise<Map<string, Measurement>> {
  const opened = [await openOurs(options), await openOurs(options, { listKeys: true })] as const;
  try {
    for (const each of opened) await each.pulumi(["up", ...noPrompt]);
    const [plain, listed] = opened;
    const drift = (of: Contender) => () => of.command(["drift"]);
    const commands = [
      { ...plain, name: "pulumi-ostor drift", pulumi: drift(plain) },
      { ...listed, name: "pulumi-ostor drift, lists with keys", pulumi: drift(listed) },
      engine(plain, ["preview", "--refresh"]),
      engine(plain, ["refresh", "--preview-only"]),
    ];
    return await interleave(commands, { name: "drift", args: [], rounds });
  } finally {
    for (const each of opened) await each.close();
  }
}

function engine(contender: Contender, args: string[]): Contender {
  return {
    ...contender,
    name: `pulumi ${args.join(" ")}`,
    pulumi: () => contender.pulumi(args),
  };
}
