/** What to list. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty: no grouping. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** The last key or common prefix that was listed before; empty at the beginning. */
  readonly after: string;
  /**
   * With `after`: the last id of that key that was listed; other ids of the key follow. If it was deleted since, all
   * ids of the key do: a client that deletes page by page must miss none.
   */
  readonly afterId?: string | undefined;
}

/** Something with a key, perhaps one of several of that key. */
export interface Listed {
  readonly key: string;
  readonly id?: string;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** Key or common prefix at the end of the page. */
  readonly last: string;
  /** Id of the item at the end of the page. */
  readonly lastId: string | undefined;
}

/** Order of keys in S3: by their bytes in UTF-8. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Takes one page out of a list that is sorted by key. */
export function takePage<T extends Listed>(sorted: readonly T[], query: ListQuery): Page<T> {
  const items: T[] = [];
  const commonPrefixes: string[] = [];
  let last = "";
  let lastId: string | undefined;
  let truncated = false;
  for (const item of remaining(sorted, query)) {
    const group = commonPrefix(item.key, query);
    if (group !== undefined && group === last) continue;
    if (items.length + commonPrefixes.length === query.maxKeys) {
      truncated = query.maxKeys > 0;
      break;
    }
    if (group === undefined) items.push(item);
    else commonPrefixes.push(group);
    last = group ?? item.key;
    lastId = group === undefined ? item.id : undefined;
  }
  return { items, commonPrefixes, truncated, last, lastId };
}

function remaining<T extends Listed>(sorted: readonly T[], query: ListQuery): T[] {
  const { prefix, after, afterId } = query;
  const found = sorted.filter(({ key }) => key.startsWith(prefix));
  if (after === "") return found;
  const marked = found.findIndex(({ key, id }) => key === after && id === afterId);
  if (afterId !== undefined && marked >= 0) return found.slice(marked + 1);
  const next = afterId === undefined ? 1 : 0;
  return found.filter(({ key }) => compareKeys(key, after) >= next && !inListedGroup(key, query));
}

/** A page that ended with a common prefix goes on behind everything under that prefix. */
function inListedGroup(key: string, { after, delimiter }: ListQuery): boolean {
  return delimiter !== "" && after.endsWith(delimiter) && key.startsWith(after);
}

function commonPrefix(key: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
