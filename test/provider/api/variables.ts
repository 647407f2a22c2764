const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Removes the proxy variables of the machine. Returns a function that sets variables for a test. */
export function useVariables(): (variables: Record<string, string>) => void {
  const saved = new Map(names.map((name) => [name, process.env[name]]));
  const restore = (variables: Map<string, string | undefined>) => {
    for (const [name, value] of variables) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
  beforeEach(() => {
    restore(new Map(names.map((name) => [name, undefined])));
  });
  after(() => {
    restore(saved);
  });
  return (variables) => {
    Object.assign(process.env, variables);
  };
}
