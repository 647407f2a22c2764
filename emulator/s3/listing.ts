/** The query of a list. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty for no grouping. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** The last key or common prefix of the previous page; empty at the start. */
  readonly after: string;
  /**
   * With `after`: the last listed id of that key. Its other ids follow. If it was deleted meanwhile, all ids of the
   * key follow, so that a client that deletes page by page misses none.
   */
  readonly afterId?: string | undefined;
}

/** A list item. Several items can have the same key. */
export interface Listed {
  readonly key: string;
  readonly id?: string;
}

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last: string;
  /** The id of the last item of the page. */
  readonly lastId: string | undefined;
}

/** Compares keys as S3 does, by their bytes in UTF-8. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Returns one page of a list that is sorted by key. */
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

/** After a page that ends with a common prefix, the next one starts after all keys with that prefix. */
function inListedGroup(key: string, { after, delimiter }: ListQuery): boolean {
  return delimiter !== "" && after.endsWith(delimiter) && key.startsWith(after);
}

function commonPrefix(key: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === "") return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
