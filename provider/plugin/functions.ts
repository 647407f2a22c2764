import type { Bag } from "../resources/lifecycle";
import { lookups, type Lookups } from "../resources/lookup";
import type { RawSettings } from "../settings/settings";
import { CodedError } from "../text/message";
import * as messages from "./messages";

/** A function: the names of its arguments, all of them texts, and what it reads. */
interface Lookup {
  names: readonly string[];
  read(lookups: Lookups, query: Record<string, string>): Promise<object>;
}

const functions: Readonly<Record<string, Lookup>> = {
  "ostor:index:getUser": {
    names: ["emailAddress", "userId"],
    read: (from, query) => from.getUser(query),
  },
  "ostor:index:getUsers": { names: [], read: (from) => from.getUsers() },
  "ostor:index:getBucket": {
    names: ["name"],
    read: (from, { name = "" }) => from.getBucket({ name }),
  },
  "ostor:index:getBuckets": {
    names: ["user"],
    read: (from, query) => from.getBuckets(query),
  },
};

/**
 * Calls a function.
 *
 * @throws CodedError; the text of a failure in a preview names the fix for what the program creates itself
 */
export async function invoke(
  token: string,
  args: Bag,
  raw: RawSettings,
  isPreview: boolean,
): Promise<object> {
  const lookup = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (!lookup) throw messages.unknownType(token);
  const query = queryOf(lookup, args);
  try {
    return await lookup.read(lookups(raw), query);
  } catch (error) {
    const isAbsent = error instanceof CodedError && error.code.endsWith("-not-found");
    throw isPreview && isAbsent ? messages.notFoundInPreview(error.message, error.code) : error;
  }
}

function queryOf({ names }: Lookup, args: Bag): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) {
    if (!names.includes(name)) throw messages.unknownArgument(name, names);
    if (typeof value !== "string") throw messages.notText(name);
    query[name] = value;
  }
  return query;
}
