import * as pulumi from "@pulumi/pulumi";
import { tenantType } from "./texts";
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
 * Refuses a second resource of the program for one user or one key: when it leaves the program later, it would take
 * away what the first one still declares. A value that is not known yet is checked when it is.
 *
 * @param what - what is declared, such as `user`
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
  if (first !== undefined) {
    throw new pulumi.RunError(
      `${holder}: ${first} of this program declares ${what} already; remove one of the two`,
    );
  }
  run.claims.set(id, holder);
}

/** A resource as messages name it. */
export function labelOf(kind: string, { name, parent }: Registration): string {
  const above = parent && registrationOf(parent);
  return `${kind} ${name}${above?.type === tenantType ? ` of Tenant ${above.name}` : ""}`;
}

/**
 * Records a resource of the program.
 *
 * @throws pulumi.RunError when an alias of another resource has its place in the stack already
 */
export function declarePlace(holder: string, registration: Registration): void {
  const run = currentRun();
  const place = placeOfRegistration(registration);
  const taker = run?.aliased.get(place);
  if (taker !== undefined) throw takesOver(taker, holder);
  run?.declared.set(place, holder);
}

/**
 * An alias that is refused while the program still declares the resource which it names. The check runs when the SDK
 * sends the resource: after the rest of a program that does not wait.
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
    if (declared !== undefined) throw takesOver(holder, declared);
    run?.aliased.set(placeOf(urn), holder);
    return urn;
  });
}

function takesOver(taker: string, declared: string): pulumi.RunError {
  return new pulumi.RunError(
    `${taker} has an alias for ${declared}, which the program still declares; remove ${declared} from the program, or the alias (movedFrom, aliases)`,
  );
}
