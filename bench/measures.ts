import {
  openEmpty,
  openBaseline,
  openNaive,
  openOther,
  openOurs,
  type Contender,
  type Options,
} from "./contenders";

/** One command, run by some contenders in turns. */
export interface Measure {
  name: string;
  words: string[];
  contenders: keyof typeof openers;
  /** Whether each run starts from nothing. */
  fromNothing?: boolean;
  /** The most tenants that it is good for; it then takes the file backend as it is. */
  mostTenants?: number;
}

/** Who is compared with whom; all ratios are over the first. */
export const openers = {
  baseline: (options: Options) => [
    openBaseline(options),
    openOurs(options),
    ...(options.against
      ? [openOther(options, options.against)]
      : [openOurs(options, { listKeys: true }, "lists with keys")]),
  ],
  documented: (options: Options) => [openOurs(options), openNaive(options), openBaseline(options)],
  empty: () => [
    openEmpty("empty program", 'require("@pulumi/pulumi");'),
    openEmpty("imports pulumi-ostor", 'require("@pulumi/pulumi"); require("pulumi-ostor");'),
  ],
} satisfies Record<string, (options: Options) => Promise<Contender>[]>;

/** Words of the CLI that ask nothing. */
export const yes = ["--yes", "--skip-preview"];

/** The file backend writes the whole state after each step: more of them hide what is measured. */
const few = { mostTenants: 300 };

/** All measures, in the order they are printed. */
export const measures: readonly Measure[] = [
  { name: "refresh", words: ["refresh", ...yes], contenders: "baseline" },
  { name: "preview-refresh", words: ["preview", "--refresh"], contenders: "baseline" },
  { name: "no-op-up", words: ["up", ...yes], contenders: "baseline" },
  { name: "up", words: ["up", ...yes], contenders: "baseline", fromNothing: true },
  {
    name: "documented-refresh",
    words: ["refresh", ...yes],
    contenders: "documented",
    ...few,
  },
  {
    name: "documented-up",
    words: ["up", ...yes],
    contenders: "documented",
    fromNothing: true,
    ...few,
  },
  { name: "start-up", words: ["preview"], contenders: "empty" },
];
