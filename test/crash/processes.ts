import { readdirSync, readFileSync } from "node:fs";

/** A process of a stack's run. */
export interface RunProcess {
  pid: number;
  command: string;
}

/** The processes of one stack's runs. All have its folder in their environment. */
export function processesOf(directory: string): RunProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        if (!environment.includes(directory)) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return command === "" ? [] : [{ pid: Number(pid), command }];
      } catch {
        return [];
      }
    });
}

/** Those of a stack's processes that run this provider: the shell that starts the dynamic host, the host, and the plugin. */
export function hostsOf(directory: string): RunProcess[] {
  return processesOf(directory).filter(({ command }) =>
    /dynamic-provider|pulumi-resource-(pulumi-nodejs|ostor)/.test(command),
  );
}

/** Sends a signal; ignores a process that does not exist any more. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
