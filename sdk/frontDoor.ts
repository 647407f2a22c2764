import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { pluginTooLate } from "./messages";

/**
 * What a stack stores of the dynamic provider, by resource. The dynamic host loads these texts from stacks of any age, so they
 * never change. They contain no code, no setting and no secret.
 */
export const providerTexts = {
  User: 'exports.handler = () => require("pulumi-ostor/provider").user',
  AccessKey: 'exports.handler = () => require("pulumi-ostor/provider").accessKey',
  Bucket: 'exports.handler = () => require("pulumi-ostor/provider").bucket',
  RotatingAccessKey: 'exports.handler = () => require("pulumi-ostor/provider").rotation',
} as const;

/** A class of custom resources. */
export type Kind = keyof typeof providerTexts;

/** The classes of custom resources. */
export const kinds = Object.keys(providerTexts) as Kind[];

/** The type of the component, the same with both front doors. */
export const tenantType = "ostor:index:Tenant";

/** The types of explicit providers: that of all dynamic resources, also of other packages, and that of the plugin. */
export const providerTypes = ["pulumi:providers:pulumi-nodejs", "pulumi:providers:ostor"] as const;

/** The types of a class: with the dynamic provider, and with the plugin. */
export function typesOf(kind: Kind): readonly [dynamic: string, plugin: string] {
  return [`pulumi-nodejs:dynamic/ostor:${kind}`, `ostor:index:${kind}`];
}

const kindsByType = new Map(kinds.flatMap((kind) => typesOf(kind).map((type) => [type, kind])));

/** The class of a type; undefined for a type of another package. */
export function kindOf(type: string): Kind | undefined {
  return kindsByType.get(type);
}

/**
 * Whether a value has a type. Policies pass plain objects, and programs resources of another copy of this package, so
 * `instanceof` is not enough.
 */
export function hasType(value: unknown, types: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return types.includes(Reflect.get(value, "__pulumiType") as string);
}

interface Choice {
  isPlugin: boolean;
  /** Whether something is declared, so that the choice is final. */
  isFinal: boolean;
}

// On the monitor: an inline program is one of several runs in a process, and copies of this package share a run.
const choiceKey = Symbol.for("pulumi-ostor.frontDoor");
const outsideOfRuns = {};

function choice(): Choice {
  const run = (pulumi.runtime.getMonitor() ?? outsideOfRuns) as Record<symbol, Choice | undefined>;
  return (run[choiceKey] ??= { isPlugin: false, isFinal: false });
}

/**
 * Selects the resource plugin `pulumi-resource-ostor` instead of the dynamic provider, for all resources of the program. Call
 * it at the top of the program. `plugins` in `Pulumi.yaml` says where the plugin is: `node_modules/pulumi-ostor/dist/plugin`.
 * A stack of the dynamic provider moves without a change on the cluster.
 *
 * @throws pulumi.RunError after the first resource, provider or data source of this package
 *
 * @example
 * ostor.usePlugin();
 * new ostor.User("acme", { emailAddress: "ops@acme.example" });
 */
export function usePlugin(): void {
  const chosen = choice();
  if (chosen.isFinal && !chosen.isPlugin) throw pluginTooLate();
  chosen.isPlugin = true;
}

/** Whether this run uses the plugin. The first answer is final. */
export function isPluginUsed(): boolean {
  const chosen = choice();
  chosen.isFinal = true;
  return chosen.isPlugin;
}

/** The type of a class in this run. */
export function typeOf(kind: Kind): string {
  return typesOf(kind)[isPluginUsed() ? 1 : 0];
}

/** The types under which the stack may have a resource of this run. */
export function typesInStack(kind: Kind): readonly string[] {
  const [dynamic, plugin] = typesOf(kind);
  return isPluginUsed() ? [plugin, dynamic] : [dynamic];
}

interface Manifest {
  version: string;
}

let ownOptions: { version?: string } | undefined;

/** Options that select the plugin; empty for the dynamic provider. */
export function pluginOptions(): pulumi.ResourceOptions {
  return isPluginUsed() ? (ownOptions ??= packageVersion()) : {};
}

/** Inputs that select the dynamic provider; empty for the plugin. */
export function providerText(kind: Kind): pulumi.Inputs {
  return isPluginUsed() ? {} : { __provider: providerTexts[kind] };
}

/** The options of a resource. With the plugin, the stack may have it as a resource of the dynamic provider. */
export function withPlugin(
  kind: Kind,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  if (!isPluginUsed()) return opts;
  const [type] = typesOf(kind);
  const given = (opts.aliases ?? []).filter((alias) => isAlias(alias));
  const aliases = [{ type }, ...given.map((alias) => ({ type, ...alias }))];
  return pulumi.mergeOptions({ ...pluginOptions(), aliases }, opts);
}

/** An alias that does not name a type has that of the resource: the stack may have the other one. */
function isAlias(alias: pulumi.Input<pulumi.URN | pulumi.Alias>): alias is pulumi.Alias {
  return typeof alias === "object" && !("then" in alias) && !pulumi.Output.isInstance(alias);
}

/** Properties that a program may omit. The SDK creates outputs only for the names that it gets. */
export function unset(names: readonly string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

/** The plugin has the version of this package. A bundle of the program may not contain the file: then any version is used. */
function packageVersion(): { version?: string } {
  try {
    // By the package name: the path differs between the sources and dist/.
    const { version } = createRequire(__filename)("pulumi-ostor/package.json") as Manifest;
    return { version };
  } catch {
    return {};
  }
}
