/** Percent-encodes all but the unreserved characters, so that both signature versions see one form. */
export function encode(value: string): string {
  // Half a surrogate pair can't be encoded; the service can't know a name that holds one either.
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The path of a management request: the service's name comes first, which is all that V2 signs; a flag
 * has no `=`, as in the vendor's script.
 */
export function queryPath(service: string, query: [name: string, value?: string][]): string {
  const words = query.map(([name, value]) =>
    value === undefined ? name : `${name}=${encode(value)}`,
  );
  return `/?${[service, ...words].join("&")}`;
}
