import { PlainError } from "../pulumi";

/** Something that is to be named, and the id that tells it from everything else. */
export interface Nameable {
  wanted: string;
  id: string;
}

/** An address may end in what is another one's id; one that ends in four of them is made up. */
const mostIds = 4;

/**
 * Names that are all different, in the order given. What wants a name that another wants as well has its id added, and
 * so has the other: which one comes first in a list must not matter.
 *
 * @throws PlainError for ids made to prevent it
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
  throw new PlainError(`name the resources: even with their ids some would have the same name`);
}

function sharedAmong(names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const name of names) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

/** A resource's name made from an address or an id, as far as that is fit for one. */
export function wordOf(text: string): string {
  return text.replace(/[^\w.-]+/g, "-");
}

/**
 * A variable of a program for each name: valid, and no two alike. The name of an address always has a dash or another
 * sign in it, which becomes the underscore that no word of the language has.
 */
export function variablesOf(all: readonly Nameable[]): string[] {
  const plain = (text: string) => text.replace(/\W/g, "_");
  const wanted = all.map(({ wanted: name, id }) => {
    const isFit = /^[A-Za-z]\w*\W/.test(name);
    return { wanted: isFit ? plain(name) : `user_${plain(name)}`, id: plain(id) };
  });
  return uniqueNames(wanted, "_");
}
