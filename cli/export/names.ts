import { equalNames } from "./messages";

/** Something to name, and the id that is unique to it. */
export interface Nameable {
  wanted: string;
  id: string;
}

/** An address may end with the id of another user, but not with this many ids. */
const mostIds = 4;

/**
 * Returns unique names in the given order. If two want the same name, both get their ids added, so that the order of a
 * list does not matter.
 *
 * @throws CodedError if names are still equal
 */
export function uniqueNames(all: readonly Nameable[], joint = "-"): string[] {
  const names = all.map(({ wanted }) => wanted);
  for (let round = 0; round < mostIds; round += 1) {
    const shared = sharedAmong(names);
    if (shared.size === 0) return names;
    for (const [index, { id }] of all.entries()) {
      const name = names[index] ?? "";
      if (shared.has(name)) names[index] = `${name}${joint}${id}`;
    }
  }
  throw equalNames();
}

function sharedAmong(names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const name of names) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

/** A text in which characters that a resource's name should not contain are replaced. */
export function wordOf(text: string): string {
  return text.replace(/[^\w.-]+/g, "-");
}

/**
 * A valid and unique variable for each name. The name of an address contains a character that becomes an underscore,
 * which no keyword of the language contains.
 */
export function variablesOf(all: readonly Nameable[]): string[] {
  const plain = (text: string) => text.replace(/\W/g, "_");
  const wanted = all.map(({ wanted: name, id }) => {
    const isFit = /^[A-Za-z]\w*\W/.test(name);
    return { wanted: isFit ? plain(name) : `user_${plain(name)}`, id: plain(id) };
  });
  return uniqueNames(wanted, "_");
}
