import * as pulumi from "@pulumi/pulumi";
import { checkedAlias } from "./claims";
import { tenantReasons } from "./optionMessages";
import { isEmpty, refuse, refuseOptions, type OptionName } from "./options";
import { typesInStack, type Kind } from "./frontDoor";

type ChildKind = Exclude<Kind, "Bucket">;

/** Where the stack has the user and the keys that move into a tenant: at its top level, or below a component. */
export type TenantOrigin = "stack" | pulumi.Resource;

/** A child of a tenant. */
interface Child {
  kind: ChildKind;
  name: string;
}

/** The resources that get an option of a Tenant, or the reason why the option is refused. */
export const tenantOptions = {
  additionalSecretOutputs: tenantReasons.oneChild,
  aliases: "component",
  customTimeouts: "refused",
  deleteBeforeReplace: tenantReasons.oneChild,
  deletedWith: "user",
  dependsOn: "all",
  envVarMappings: "refused",
  hideDiffs: "by property",
  hooks: "children",
  id: tenantReasons.read,
  ignoreChanges: "by property",
  import: "refused",
  parent: "component",
  pluginDownloadURL: "refused",
  protect: "component",
  provider: "component",
  providers: "component",
  replaceOnChanges: "refused",
  replaceWith: tenantReasons.deletesUser,
  replacementTrigger: tenantReasons.deletesUser,
  retainOnDelete: "all",
  stateMigrations: "component",
  transformations: "component",
  transforms: "component",
  urn: "refused",
  version: "refused",
} satisfies Record<OptionName, string>;

const receivers = ["component", "children", "user", "all", "by property"];

/** The arguments of each child. */
const propertiesOf: Record<ChildKind, string[]> = {
  User: ["emailAddress", "state", "createAccessKey", "deleteEmptyBuckets", "adopt"],
  AccessKey: ["user", "keepers", "replaceOrder", "adopt"],
  RotatingAccessKey: ["user", "every", "generation", "adopt"],
};

/**
 * The options of the component itself. The children inherit most of them, in the SDK or in the engine.
 *
 * @throws pulumi.RunError for an option that no child can have
 */
export function componentOptions(
  name: string,
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  refuseOptions("Tenant", name, opts);
  for (const [option, value] of Object.entries(opts)) {
    if (isEmpty(value)) continue;
    const receiver = receiverOf(option);
    if (receiver === undefined) refuse("Tenant", name, option, tenantReasons.unknownOption);
    if (receiver === "by property") requireProperties(name, option, value as string[]);
    if (!receivers.includes(receiver)) refuse("Tenant", name, option, receiver);
  }
  return pick(opts, ["component", "all", "user"]);
}

/** The options of a child. */
export function childOptions(
  tenant: pulumi.ComponentResource,
  tenantName: string,
  child: Child,
  opts: pulumi.ComponentResourceOptions,
  movedFrom: TenantOrigin | undefined,
): pulumi.CustomResourceOptions {
  const given = pick(opts, ["all", "children", ...(child.kind === "User" ? ["user"] : [])]);
  const lists = Object.entries(pick(opts, ["by property"])).map(([option, paths]) => [
    option,
    (paths as string[]).filter((path) => reaches(path, child.kind)),
  ]);
  return {
    ...given,
    ...(Object.fromEntries(lists) as pulumi.CustomResourceOptions),
    parent: tenant,
    aliases: aliasesOf(tenant, tenantName, child, movedFrom),
  };
}

function aliasesOf(
  tenant: pulumi.ComponentResource,
  tenantName: string,
  { kind, name }: Child,
  movedFrom: TenantOrigin | undefined,
): pulumi.Output<pulumi.URN>[] {
  const origin = movedFrom === "stack" ? pulumi.rootStackResource : movedFrom;
  return typesInStack(kind).flatMap((type) => {
    // The engine passes the aliases of a tenant to its children, but not after an up without them failed.
    const inherited = pulumi.allAliases([], name, type, tenant, tenantName);
    const moved = movedFrom === undefined ? [] : [pulumi.createUrn(name, type, origin)];
    const own = pulumi.createUrn(name, type, tenant);
    return [...moved, ...inherited].map((urn) => checkedAlias(`Tenant ${tenantName}`, urn, own));
  });
}

function receiverOf(option: string): string | undefined {
  return (tenantOptions as Record<string, string>)[option];
}

function pick(opts: object, who: string[]): Record<string, unknown> {
  const entries = Object.entries(opts) as [string, unknown][];
  return Object.fromEntries(entries.filter(([option]) => who.includes(receiverOf(option) ?? "")));
}

/** `keepers["a.b"]`, `keepers.a` and `["keepers"]` name `keepers`. */
function propertyOf(path: string): string {
  return /^\[?"?([^."[\]]*)/.exec(path)?.[1] ?? "";
}

function reaches(path: string, kind: ChildKind): boolean {
  return path === "*" || propertiesOf[kind].includes(propertyOf(path));
}

function requireProperties(name: string, option: string, paths: string[]): void {
  const known = [...new Set(Object.values(propertiesOf).flat())];
  const unknown = paths.find((path) => path !== "*" && !known.includes(propertyOf(path)));
  if (unknown === undefined) return;
  refuse("Tenant", name, `${option}: ["${unknown}"]`, tenantReasons.unknownProperty(known));
}
