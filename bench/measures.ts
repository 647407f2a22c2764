import {
  openEmpty,
  openBaseline,
  openDocumented,
  openOther,
  openOurs,
  openPlugin,
  type Contender,
  type Options,
} from "./contenders";

/** One command that several contenders run in turns. */
export interface Measure {
  name: string;
  args: string[];
  contenders: keyof typeof openers;
  /** Whether each run starts with an empty cluster and stack. */
  fromNothing?: boolean;
  /** The largest number of tenants. If it is set, the file backend writes checkpoints. */
  maxTenants?: number;
}

/** Groups of contenders. Ratios are relative to the first of a group. */
export const openers = {
  baseline: (options: Options) => [
    openBaseline(options),
    openOurs(options),
    ...(options.against
      ? [openOther(options, options.against)]
      : [openOurs(options, { listKeys: true }, "lists with keys")]),
  ],
  documented: (options: Options) => [
    openOurs(options),
    openDocumented(options),
    openBaseline(options),
  ],
  plugin: bothFrontDoors,
  pluginStart: bothFrontDoors,
  empty: () => [
    openEmpty("empty program", 'require("@pulumi/pulumi");'),
    openEmpty("imports pulumi-ostor", 'require("@pulumi/pulumi"); require("pulumi-ostor");'),
  ],
} satisfies Record<string, (options: Options) => Promise<Contender>[]>;

function bothFrontDoors(options: Options) {
  return [openOurs(options, {}, "dynamic"), openPlugin(options)];
}

/** Arguments for `pulumi` to run without a prompt. */
export const noPrompt = ["--yes", "--skip-preview"];

/** The file backend writes the whole state after each step: with more tenants, only that would be measured. */
const fileBackend = { maxTenants: 300 };

/** All measurements of commands, in the order in which they run. */
export const measures: readonly Measure[] = [
  { name: "refresh", args: ["refresh", ...noPrompt], contenders: "baseline" },
  { name: "preview-refresh", args: ["preview", "--refresh"], contenders: "baseline" },
  { name: "no-op-up", args: ["up", ...noPrompt], contenders: "baseline" },
  { name: "up", args: ["up", ...noPrompt], contenders: "baseline", fromNothing: true },
  {
    name: "documented-refresh",
    args: ["refresh", ...noPrompt],
    contenders: "documented",
    ...fileBackend,
  },
  {
    name: "documented-up",
    args: ["up", ...noPrompt],
    contenders: "documented",
    fromNothing: true,
    ...fileBackend,
  },
  { name: "plugin-up", args: ["up", ...noPrompt], contenders: "plugin", fromNothing: true },
  { name: "plugin-no-op-up", args: ["up", ...noPrompt], contenders: "plugin" },
  { name: "plugin-refresh", args: ["refresh", ...noPrompt], contenders: "plugin" },
  { name: "plugin-preview-refresh", args: ["preview", "--refresh"], contenders: "plugin" },
  // One tenant: almost all of the time is that of starting processes.
  { name: "plugin-start-up", args: ["preview"], contenders: "pluginStart", maxTenants: 1 },
  { name: "start-up", args: ["preview"], contenders: "empty" },
];
