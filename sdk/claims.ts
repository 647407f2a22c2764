import * as pulumi from "@pulumi/pulumi";
import { aliasInUse, declaredTwice } from "./messages";
import { tenantType } from "./frontDoor";
import { clusterOf, type Provider } from "./provider";
import {
  currentRun,
  placeOf,
  placeOfRegistration,
  registrationOf,
  type Registration,
  type Run,
} from "./registration";

/**
 * Refuses a second resource of the program for one user or one key: its removal from the program would delete what the first
 * one still declares. An output is checked when its value is known.
 *
 * @param holder - the resource, as messages name it
 * @param what - the kind of object, such as `user`
 * @param value - its name on the cluster
 * @throws pulumi.RunError that names the first resource
 */
export function claim<Value>(
  holder: string,
  what: string,
  value: Value,
  opts: pulumi.CustomResourceOptions,
): Value {
  const run = currentRun();
  if (!run || value === undefined) return value;
  const cluster = clusterOf(opts.provider as Provider | undefined);
  const check = (text: unknown): void => {
    if (typeof text === "string" && text !== "") {
      claimOnce(run, holder, `${what} ${text}`, `${cluster} ${what} ${text.toLowerCase()}`);
    }
  };
  if (typeof value === "string") {
    check(value);
    return value;
  }
  return pulumi.output(value).apply((known) => {
    check(known);
    return known;
  }) as Value;
}

function claimOnce(run: Run, holder: string, what: string, id: string): void {
  const first = run.claims.get(id);
  if (first !== undefined) throw declaredTwice(holder, first, what);
  run.claims.set(id, holder);
}

/** The name of a resource in messages. */
export function labelOf(kind: string, { name, parent }: Registration): string {
  const above = parent && registrationOf(parent);
  return `${kind} ${name}${above?.type === tenantType ? ` of Tenant ${above.name}` : ""}`;
}

/**
 * Records a resource of the program.
 *
 * @throws pulumi.RunError if another resource has an alias for it
 */
export function declarePlace(holder: string, registration: Registration): void {
  const run = currentRun();
  const place = placeOfRegistration(registration);
  const aliasHolder = run?.aliased.get(place);
  if (aliasHolder !== undefined) throw aliasInUse(aliasHolder, holder);
  run?.declared.set(place, holder);
}

/**
 * An alias that is refused if the program still declares the resource that it names. The check runs when the SDK sends the
 * resource, which is after the synchronous part of the program.
 *
 * @param own - the URN of the resource that has the alias
 */
export function checkedAlias(
  holder: string,
  alias: pulumi.Output<pulumi.URN>,
  own: pulumi.Output<pulumi.URN>,
): pulumi.Output<pulumi.URN> {
  const run = currentRun();
  return pulumi.all([alias, own]).apply(([urn, ownUrn]) => {
    if (urn === ownUrn) return urn;
    const declared = run?.declared.get(placeOf(urn));
    if (declared !== undefined) throw aliasInUse(holder, declared);
    run?.aliased.set(placeOf(urn), holder);
    return urn;
  });
}
