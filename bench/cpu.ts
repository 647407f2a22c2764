import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Bash adds up the processor time of all descendants that were waited for: the engine, its hosts and the program. */
const script = `#!/usr/bin/env bash
PATH=$BENCH_PATH
TIMEFORMAT='%U %S'
{ time pulumi "$@" 2>&3; } 3>&2 2>> "$BENCH_CPU"
`;

/** Measures the processor time of the runs that have this environment. */
export interface CpuTime {
  environment: Record<string, string>;
  /** Seconds, user and system, since the last call. */
  seconds(): number;
}

/** Puts a command `pulumi` that measures itself into a folder, which must exist. */
export function measureCpu(folder: string): CpuTime {
  const [bin, file] = [join(folder, "bench-bin"), join(folder, "bench-cpu")];
  mkdirSync(bin);
  writeFileSync(join(bin, "pulumi"), script);
  chmodSync(join(bin, "pulumi"), 0o755);
  const path = [process.env["PULUMI_OSTOR_ENGINE_PATH"], process.env["PATH"]].join(delimiter);
  return {
    environment: { PATH: [bin, path].join(delimiter), BENCH_PATH: path, BENCH_CPU: file },
    seconds() {
      writeFileSync(file, "", { flag: "a" });
      const numbers = readFileSync(file, "utf8").trim().split(/\s+/).map(Number);
      rmSync(file);
      return numbers.reduce((sum, each) => sum + each, 0);
    },
  };
}
