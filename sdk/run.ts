/**
 * Whether the program is a function in a process of its own (an inline program of the Automation API): it then has
 * neither the environment nor, perhaps, the working directory of the engine, which `envVars` and `workDir` choose.
 */
export function isInline(): boolean {
  const { asyncLocalStorage } = globalThis as { asyncLocalStorage?: { getStore(): unknown } };
  return asyncLocalStorage?.getStore() !== undefined;
}
