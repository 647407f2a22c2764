import type { Assumptions } from "./assumptions";

/**
 * The assumptions of one generation that differ from the defaults. Where its guides are silent, the defaults
 * apply.
 */
export type Profile = "seed" | "acronis-2" | "vhi-7";

/** The generations that an emulator can have. */
export const profiles: Record<Profile, Partial<Assumptions>> = {
  /** The Storage-as-a-Service chapter of the vendor guide. */
  seed: {},
  /** References 2.0 to 2.4: keys by PUT (the guide of 2.4: by POST), keys in lists, no states, all keys in the response to genKey. */
  "acronis-2": {
    keysByPut: true,
    listKeys: true,
    statesShown: false,
    genKeyReply: "all",
    deleteStatus: 203,
    underscoreInBucketNames: true,
    systemUserDeletesBuckets: false,
  },
  /** References and guides 7.x, and the responses of a live system of that line. */
  "vhi-7": {
    listShape: "object",
    listedFlags: true,
    accountFields: true,
    systemUserDeletesBuckets: false,
  },
};

/** Whether a text is the name of a profile. */
export function isProfile(name: string): name is Profile {
  return Object.hasOwn(profiles, name);
}
