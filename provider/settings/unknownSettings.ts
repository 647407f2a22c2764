import { closest, distance } from "fastest-levenshtein";
import { environmentName, settingNames, type SettingName } from "./names";

/** A name that is not a setting, and the setting that it probably means. */
export interface UnknownSetting {
  /** As written: `ostor:maxRetry`, `OSTOR_MAX_RETRY`. */
  written: string;
  /** The setting as it is written in the same place. */
  meant?: string | undefined;
}

/** Which `ostor:` keys of a stack's configuration are not settings. */
export function unknownKeys(keys: readonly string[]): UnknownSetting[] {
  return keys
    .filter((key) => key.startsWith("ostor:") && !isSetting(key.slice("ostor:".length)))
    .map((key) => {
      const meant = meantBy(key.slice("ostor:".length));
      return { written: key, meant: meant && `ostor:${meant}` };
    });
}

/** Which arguments of an explicit provider are not settings. */
export function unknownArguments(names: readonly string[]): UnknownSetting[] {
  return names
    .filter((name) => !isSetting(name))
    .map((name) => ({ written: name, meant: meantBy(name) }));
}

/** Which `OSTOR_` variables are misspelt settings. Other programs may use such names, so only likely ones count. */
export function misspeltVariables(names: readonly string[]): UnknownSetting[] {
  const known = new Set(settingNames.map(environmentName));
  return names
    .filter((name) => name.startsWith("OSTOR_") && !known.has(name))
    .map((name) => {
      const meant = meantBy(name.slice("OSTOR_".length));
      return { written: name, meant: meant && environmentName(meant) };
    })
    .filter(({ meant }) => meant !== undefined);
}

function isSetting(name: string): boolean {
  return settingNames.some((known) => known === name);
}

/** The setting that a name resembles, ignoring case and separators. */
function meantBy(name: string): SettingName | undefined {
  const word = bare(name);
  const isBegun = (known: string) => known.startsWith(word) || word.startsWith(known);
  const begun = word.length < 4 ? undefined : settingNames.find((known) => isBegun(bare(known)));
  if (begun) return begun;
  const nearest = closest(word, settingNames.map(bare));
  const longer = Math.max(word.length, nearest.length);
  const isSimilar = distance(word, nearest) / longer <= 0.5;
  return isSimilar ? settingNames.find((known) => bare(known) === nearest) : undefined;
}

function bare(name: string): string {
  return name.replace(/[^a-z0-9]/gi, "").toLowerCase();
}
