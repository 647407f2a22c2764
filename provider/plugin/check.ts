import type { Bag, Checked, CheckFailure } from "../resources/lifecycle";
import { unknownProperty } from "../resources/messages";
import { plain } from "../text/plain";
import { explain } from "../api/explain";
import { adoptByImport, invalidProperty } from "./messages";
import { kindOf } from "./resources";

/**
 * Checks the inputs of a resource.
 *
 * @param isNew - whether the resource is not in the stack yet. `adopt` never applied to what is: a stack that the dynamic
 * provider created may still have the line
 */
export function checkResource(type: string, news: Bag, isNew: boolean): Checked {
  const { inputs: names, lifecycle } = kindOf(type);
  const { adopt, __provider: _, ...given } = news;
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
  const { inputs, failures } = lifecycle.check(known);
  const errors = [
    ...unknown.map((name) =>
      invalidProperty(unknownProperty(plain(JSON.stringify(name).slice(0, 100)), names)),
    ),
    ...(adopt !== undefined && isNew ? [adoptByImport(type)] : []),
    ...failures.map(({ reason }) => invalidProperty(reason)),
  ];
  return { inputs, failures: errors.map(asFailure) };
}

/** The engine prints the value of a property that a failure names, which may be a secret: none is named. */
function asFailure(error: Error): CheckFailure {
  return { property: "", reason: explain(error, undefined) };
}
