/** A resource of this package. */
export type ResourceName = "User" | "AccessKey" | "RotatingAccessKey" | "Bucket";

/** Who manages a resource: the dynamic host of Node.js programs, or the plugin for every language. */
export type Family = "dynamic" | "plugin";

/** What a type starts with in a stack. Stacks contain these texts, so they never change. */
const prefixes: Record<Family, string> = {
  dynamic: "pulumi-nodejs:dynamic/ostor:",
  plugin: "ostor:index:",
};

const resourceNames: readonly ResourceName[] = ["User", "AccessKey", "RotatingAccessKey", "Bucket"];
const families = Object.keys(prefixes) as Family[];

const byType = new Map<string, ResourceName>(
  families.flatMap((family) => resourceNames.map((name) => [typeOf(name, family), name] as const)),
);

/** The type of a resource in a stack. */
export function typeOf(name: ResourceName, family: Family): string {
  return `${prefixes[family]}${name}`;
}

/** The resource of a type of either family; undefined for the type of another package, and for a component. */
export function resourceOf(type: string): ResourceName | undefined {
  return byType.get(type);
}

/** Who manages a resource of this package. */
export function familyOf(type: string): Family {
  return type.startsWith(prefixes.plugin) ? "plugin" : "dynamic";
}
