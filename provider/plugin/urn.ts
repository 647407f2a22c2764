/** The project of a URN: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function projectOf(urn: string): string {
  return urn.split("::")[1] ?? "";
}

/** The type of the resource itself, without those of its parents. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The name of the resource, which may contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
