/**
 * Whether the program is an inline program of the Automation API. It does not have the environment of the engine, and may have
 * another working directory: `envVars` and `workDir` set those.
 */
export function isInline(): boolean {
  const { asyncLocalStorage } = globalThis as { asyncLocalStorage?: { getStore(): unknown } };
  return asyncLocalStorage?.getStore() !== undefined;
}
