import { setTimeout as sleep } from "node:timers/promises";
import { hostsOf, processesOf, signal } from "./processes";

/** A way to kill a run. */
export interface Way {
  name: string;
  /** Kills the run of this engine process. */
  kill(engine: number, directory: string): Promise<void>;
}

function once(name: NodeJS.Signals) {
  return (engine: number) => {
    signal(engine, name);
    return Promise.resolve();
  };
}

function twice(name: NodeJS.Signals) {
  return async (engine: number) => {
    signal(engine, name);
    await sleep(50);
    signal(engine, name);
  };
}

/** Every way in which the run of a person or of a pipeline may be interrupted. */
export const ways: Way[] = [
  {
    name: "host SIGKILL",
    kill(_engine, directory) {
      for (const { pid } of hostsOf(directory)) signal(pid, "SIGKILL");
      return Promise.resolve();
    },
  },
  { name: "engine SIGKILL", kill: once("SIGKILL") },
  { name: "SIGINT twice", kill: twice("SIGINT") },
  {
    name: "engine and host SIGKILL",
    kill(_engine, directory) {
      for (const { pid } of processesOf(directory)) signal(pid, "SIGKILL");
      return Promise.resolve();
    },
  },
  { name: "SIGTERM twice", kill: twice("SIGTERM") },
  { name: "SIGHUP", kill: once("SIGHUP") },
  { name: "SIGINT once", kill: once("SIGINT") },
];
