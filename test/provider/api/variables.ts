const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Proxies are taken from the environment; that of the machine must not take part. Returns what sets variables of a test. */
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
