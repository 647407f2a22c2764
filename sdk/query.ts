import type * as pulumi from "@pulumi/pulumi";
import type { LookupOutputOptions } from "./lookupOptions";
import {
  argumentNotSupported,
  argumentReasons,
  argumentUnknown,
  doesNotWait,
  foreignProvider,
  givenTwice,
} from "./messages";
import { providerOf, resourceOf } from "./owner";
import { Provider } from "./provider";
import { typeOf } from "./frontDoor";
import { User } from "./user";

/** What a `get…` function reads, and on which cluster. */
export interface LookupQuery<Query> {
  query: Query;
  provider: Provider | undefined;
  dependsOn: LookupOutputOptions["dependsOn"];
}

const optionNames = ["provider", "parent", "dependsOn"];

/**
 * Separates arguments and options: JavaScript programs may give options as the first argument too.
 *
 * @throws pulumi.RunError that names an argument or option that would be ignored
 */
export function queryOf<Query extends object>(
  name: string,
  argumentNames: string[],
  args: object,
  opts: object,
): LookupQuery<Query> {
  const query: Record<string, unknown> = {};
  const options: Record<string, unknown> = {};
  for (const [key, value] of [args, opts].flatMap((each) => Object.entries(each))) {
    if (value === undefined) continue;
    const target = argumentNames.includes(key) ? query : options;
    if (target === options && !optionNames.includes(key)) throw refused(name, argumentNames, key);
    if (key in target) throw givenTwice(name, key);
    target[key] = value;
  }
  const dependsOn = options["dependsOn"] as LookupOutputOptions["dependsOn"];
  if (dependsOn !== undefined && !name.endsWith("Output")) throw doesNotWait(name);
  return { query: query as Query, provider: providerFor(name, query, options), dependsOn };
}

/** The provider in the options, or of the parent, or of the User in the arguments. */
function providerFor(
  name: string,
  query: Record<string, unknown>,
  options: Record<string, unknown>,
): Provider | undefined {
  const parent = options["parent"] as pulumi.Resource | undefined;
  const type = typeOf("User");
  const users = Object.values(query).flatMap((value) => resourceOf(value, User) ?? []);
  const provider =
    options["provider"] ?? parent?.getProvider(type) ?? (users[0] && providerOf(users[0]));
  if (provider === undefined || Provider.isInstance(provider)) return provider;
  throw foreignProvider(name.replace(/Output$/, ""));
}

function refused(name: string, argumentNames: string[], key: string): pulumi.RunError {
  const reason = argumentReasons[key];
  return reason === undefined
    ? argumentUnknown(name, key, [...argumentNames, ...optionNames])
    : argumentNotSupported(name, key, reason);
}
