import * as pulumi from "@pulumi/pulumi";
import type { CallbackServer as Callbacks } from "@pulumi/pulumi/runtime/callbacks";
import type * as Sdk from "@pulumi/pulumi/runtime/resource";
import { kindOf, typesOf, type Kind } from "./frontDoor";

/** A registration with the SDK, after all transformations in the program. */
export interface Registration {
  resource: pulumi.Resource;
  parent: pulumi.Resource | undefined;
  type: string;
  name: string;
  props: pulumi.Inputs;
  /** The SDK's own copy of the options. It inherits `protect` and `provider`. */
  opts: pulumi.CustomResourceOptions;
  /** Whether the resource is only read, as `get` does. */
  isRead: boolean;
}

/** Checks a registration of one of our types, and returns the properties to send. */
type Rule = (registration: Registration) => pulumi.Inputs;

/** What one run of a program has declared so far. */
export interface Run {
  /** By claimed object: the resource that declares it. */
  claims: Map<string, string>;
  /** By place, which is the URN without stack and project: resources, and aliases in use. */
  declared: Map<string, string>;
  aliased: Map<string, string>;
  /** By place: the options after a transform that the engine called in this program. */
  transformed: Map<string, pulumi.ResourceOptions>;
}

const registrations = new WeakMap<pulumi.Resource, Registration>();
const rules = new Map<string, Rule>();
const runs = new WeakMap<object, Run>();
let refuseTransformed: (kind: Kind, name: string, opts: pulumi.ResourceOptions) => void;

/** Sets the rule for a class. It gets the options from arguments, parents and transformations. */
export function onRegistration(kind: Kind, rule: Rule): void {
  for (const type of typesOf(kind)) rules.set(type, rule);
}

/** Sets the check of the options that a transform in the engine returns. */
export function onTransform(refuse: typeof refuseTransformed): void {
  refuseTransformed = refuse;
}

/** The registration of a resource; undefined for one from before this module was loaded. */
export function registrationOf(resource: pulumi.Resource): Registration | undefined {
  return registrations.get(resource);
}

/** Whether the program runs under `pulumi.runtime.setMocks`, also of another copy of the SDK. */
export function isMocked(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

/** The current run; undefined under mocks, where one process constructs a program many times. */
export function currentRun(): Run | undefined {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined || isMocked()) return undefined;
  const known = runs.get(monitor) ?? {
    claims: new Map(),
    declared: new Map(),
    aliased: new Map(),
    transformed: new Map(),
  };
  runs.set(monitor, known);
  return known;
}

/**
 * An option as the engine applies it: set in the program, by a transformation or a transform, or inherited from a parent.
 * Undefined if this process cannot know it.
 */
export function appliedOption(
  resource: pulumi.Resource,
  option: "protect" | "retainOnDelete",
): boolean | undefined {
  const known = registrations.get(resource);
  if (!known) return isStack(resource) ? false : undefined;
  const transformed = currentRun()?.transformed.get(placeOfRegistration(known));
  if (transformed) return transformed[option] ?? false;
  if (known.opts[option] !== undefined) return known.opts[option];
  return known.parent ? appliedOption(known.parent, option) : false;
}

/** A URN without stack and project. */
export function placeOf(urn: pulumi.URN): string {
  return urn.split("::").slice(2).join("::");
}

/** The place of a resource that the SDK registers. */
export function placeOfRegistration({ parent, type, name }: Registration): string {
  return `${typesAbove(parent)}${type}::${name}`;
}

function typesAbove(parent: pulumi.Resource | undefined): string {
  const known = parent && registrations.get(parent);
  return known ? `${typesAbove(known.parent)}${known.type}$` : "";
}

function isStack(resource: pulumi.Resource): boolean {
  return resource === pulumi.runtime.getStackResource();
}

/* oxlint-disable typescript/no-require-imports -- TypeScript copies an import, and these functions are replaced */
const sdk = require("@pulumi/pulumi/runtime/resource") as {
  -readonly [Name in keyof typeof Sdk]: (typeof Sdk)[Name];
};
const { CallbackServer } = require("@pulumi/pulumi/runtime/callbacks") as {
  CallbackServer: typeof Callbacks;
};
/* oxlint-enable typescript/no-require-imports */

// The SDK has no interface for the final options of a resource: transformations change them after the constructor, and
// components do not store them. Each resource is registered by these functions (seen with 3.245 and 3.276). A test fails if a
// release does not call them; keys are then revoked one by one.
const { registerResource, readResource } = sdk;
sdk.registerResource = (
  resource,
  parent,
  type,
  name,
  custom,
  remote,
  dependency,
  props,
  opts,
  ...rest
) => {
  const known = { resource, parent, type, name, props, opts, isRead: false };
  registrations.set(resource, known);
  const sent = rules.get(type)?.(known) ?? props;
  registerResource(resource, parent, type, name, custom, remote, dependency, sent, opts, ...rest);
};
sdk.readResource = (resource, parent, type, name, props, opts, ...rest) => {
  const known = { resource, parent, type, name, props, opts, isRead: true };
  registrations.set(resource, known);
  const sent = rules.get(type)?.(known) ?? props;
  readResource(resource, parent, type, name, sent, opts, ...rest);
};

// The engine calls the transforms of a resource one after the other in this process.
const server = CallbackServer.prototype;
const registerTransform = Reflect.get(server, "registerTransform");
server.registerTransform = function (this: Callbacks, transform) {
  const run = currentRun();
  return registerTransform.call(this, async (args) => {
    const result = await transform(args);
    const kind = kindOf(args.type);
    if (!run || !kind) return result;
    const opts = result?.opts ?? args.opts;
    refuseTransformed(kind, args.name, opts);
    run.transformed.set(await placeOfTransformed(args), opts);
    return result;
  });
};

async function placeOfTransformed({
  type,
  name,
  opts,
}: pulumi.ResourceTransformArgs): Promise<string> {
  const { parent } = opts;
  if (!parent) return `${type}::${name}`;
  const urn = await new Promise((resolve) => parent.urn.apply(resolve));
  const [types = ""] = placeOf(String(urn)).split("::");
  const above = types === pulumi.runtime.rootPulumiStackTypeName ? "" : `${types}$`;
  return `${above}${type}::${name}`;
}
