/** Percent-encodes all but the unreserved characters, so that both signature versions sign the same text. */
export function encode(value: string): string {
  // A lone surrogate cannot be encoded, and no name on the service contains one.
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The path of a management request. The service's name comes first: V2 signs nothing else. A flag has no `=`, as in the
 * vendor's script.
 */
export function queryPath(service: string, query: [name: string, value?: string][]): string {
  const words = query.map(([name, value]) =>
    value === undefined ? name : `${name}=${encode(value)}`,
  );
  return `/?${[service, ...words].join("&")}`;
}
