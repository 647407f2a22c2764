import * as pulumi from "@pulumi/pulumi";
import type { LookupOutputOptions } from "./lookupOptions";
import { providerOf, resourceOf } from "./owner";
import { Provider } from "./provider";
import { typeTokens } from "./texts";
import { User } from "./user";

/** What a `get…` function is asked, and where. */
export interface Question<Query> {
  query: Query;
  provider: Provider | undefined;
  dependsOn: LookupOutputOptions["dependsOn"];
}

const ours = ["provider", "parent", "dependsOn"];
const refused: Record<string, string> = {
  version: "the function is part of the npm package; remove it",
  pluginDownloadURL: "the function is part of the npm package; remove it",
  async: "the functions without Output return promises; remove it",
};

/**
 * Takes arguments and options apart: options may stand in either place, as JavaScript programs have them.
 *
 * @param takes - the names of the arguments
 * @throws pulumi.RunError that names what would be ignored
 */
export function questionOf<Query extends object>(
  name: string,
  takes: string[],
  args: object,
  opts: object,
): Question<Query> {
  const query: Record<string, unknown> = {};
  const options: Record<string, unknown> = {};
  for (const [key, value] of [args, opts].flatMap((each) => Object.entries(each))) {
    if (value === undefined) continue;
    const place = takes.includes(key) ? query : options;
    if (place === options && !ours.includes(key)) throw unknown(name, takes, key);
    if (key in place) throw new pulumi.RunError(`${name}: ${key} is given twice; remove one`);
    place[key] = value;
  }
  if (name.endsWith("Output") || options["dependsOn"] === undefined) {
    return {
      query: query as Query,
      provider: providerFor(name, query, options),
      ...dependsOn(options),
    };
  }
  throw new pulumi.RunError(`${name}: it does not wait for dependsOn; use ${name}Output`);
}

function dependsOn(options: Record<string, unknown>): Pick<Question<object>, "dependsOn"> {
  return { dependsOn: options["dependsOn"] as LookupOutputOptions["dependsOn"] };
}

/** The provider that is given, or the parent's, or the one of the User that the arguments name. */
function providerFor(
  name: string,
  query: Record<string, unknown>,
  options: Record<string, unknown>,
): Provider | undefined {
  const parent = options["parent"] as pulumi.Resource | undefined;
  const users = Object.values(query).flatMap((value) => resourceOf(value, User) ?? []);
  const provider =
    options["provider"] ??
    parent?.getProvider(typeTokens.user) ??
    (users[0] && providerOf(users[0]));
  if (provider === undefined || Provider.isInstance(provider)) return provider;
  const plain = name.replace(/Output$/, "");
  throw new pulumi.RunError(`${plain}: the provider given to it is no ostor.Provider`);
}

function unknown(name: string, takes: string[], key: string): pulumi.RunError {
  const all = [...takes, ...ours].join(", ");
  const why = refused[key] ?? `there is no such argument or option; there are ${all}`;
  return new pulumi.RunError(`${name}: ${key} is not supported: ${why}`);
}
