import type { Assumptions } from "./assumptions";

/**
 * What the guides of one generation show, where that differs from the defaults. What no guide tells stays as the
 * default assumes.
 */
export type Profile = "seed" | "acronis-2" | "vhi-7";

/** The generations that an emulator can be started as. */
export const profiles: Record<Profile, Partial<Assumptions>> = {
  /** The Storage-as-a-Service chapter that this package was begun with. */
  seed: {},
  /** References 2.0 to 2.4: keys by PUT (the guide of 2.4: by POST), pairs in lists, no state in answers, all pairs after genKey. */
  "acronis-2": {
    keysByPut: true,
    listKeys: true,
    statesShown: false,
    genKeyReply: "all",
    deleteStatus: 203,
    underscoreInBucketNames: true,
    systemUserDeletesBuckets: false,
  },
  /** References and guides 7.x, and what a live system of that line was seen to answer. */
  "vhi-7": {
    listShape: "object",
    listedFlags: true,
    accountFields: true,
    systemUserDeletesBuckets: false,
  },
};

/** Whether a text names a profile. */
export function isProfile(name: string): name is Profile {
  return Object.hasOwn(profiles, name);
}
