import { main } from "../../cli/main";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { createClock } from "../provider/harness";

/** How a run of the command line ended. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const isCallers = /^(OSTOR_|NO_COLOR$)|_PROXY$/i;

/** How a run opens clusters: waits for stale reads take no time, and retries follow at once. */
export const quick = (): ClusterOptions => ({ clock: createClock(), retryBaseMs: 1 });

/**
 * Runs the command line in this process, which takes a tenth of the time of a process of its own. Waits for stale reads
 * take no time.
 */
export function runHere(
  words: string[],
  environment: Record<string, string>,
  clusterOptions = quick(),
): Promise<Ended> {
  return here(environment, () => main(words, clusterOptions));
}

/** Runs work of the command line in this process. The caller's settings, proxies and terminal do not reach it. */
export async function here(
  environment: Record<string, string>,
  work: () => Promise<unknown>,
): Promise<Ended> {
  const { env, exitCode, stdout, stderr } = process;
  const inherited = Object.entries(env).filter(([name]) => !isCallers.test(name));
  const [out, err] = [capture(stdout), capture(stderr)];
  try {
    process.env = { ...Object.fromEntries(inherited), ...environment };
    process.exitCode = 0;
    await work();
    return { code: Number(exitCodeNow()), stdout: out.text(), stderr: err.text() };
  } finally {
    Object.assign(process, { env, exitCode });
    out.end();
    err.end();
  }
}

function exitCodeNow() {
  return process.exitCode;
}

/** Keeps what is written to a stream, and prints none of it. */
function capture(stream: NodeJS.WriteStream) {
  const written: string[] = [];
  const write = stream.write.bind(stream);
  const { isTTY } = stream;
  stream.isTTY = false;
  stream.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return {
    text: () => written.join(""),
    end: () => {
      Object.assign(stream, { write, isTTY });
    },
  };
}
