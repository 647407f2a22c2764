import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

function script(name: string, ...args: string[]): { status: number | null; printed: string } {
  const path = join("scripts", name);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args]);
  return { status, printed: String(stdout) + String(stderr) };
}

describe("the scripts", () => {
  it("report an unknown option of the demo in one line, with exit code 2", () => {
    const { status, printed } = script("start.mjs", "--keeep");
    assert.equal(status, 2);
    assert.match(printed, /^npm start: unknown option --keeep; .*--keep and --verbose\n$/);
  });

  it("report an unknown option of the setup", () => {
    const { status, printed } = script("setup.mjs", "--bogus");
    assert.equal(status, 1);
    assert.match(printed, /^npm run setup: unknown option --bogus; it has no options\n$/);
  });

  it("report an unknown part of the tests in one line that lists the parts", () => {
    const { status, printed } = script("test.mjs", "unti");
    assert.equal(status, 1);
    assert.match(printed, /^"unti" is no part .*npm test -- \[unit \| .*types.*\] …\n$/);
  });
});

describe("the table of results", () => {
  it("has lines of one width, whatever the names and counts", async () => {
    const { parts } = await import("../../scripts/test/parts.mjs");
    const { summaryTable } = await import("../../scripts/test/summary.mjs");
    const counts = { passed: 1234, failed: 0, skipped: 12, seconds: 1234.5 };
    const table = summaryTable(parts.map(({ name }) => ({ name, ...counts })));
    assert.equal(new Set(table.split("\n").map(({ length }) => length)).size, 1, table);
    for (const { name } of parts) assert.match(table, new RegExp(`^${name} `, "m"));
  });
});

describe("engineEnv", () => {
  it("puts the engine first on PATH, and removes the caller's settings of Pulumi and ostor", async () => {
    const { engineEnv } = await import("../../scripts/engineEnv.mjs");
    const env = engineEnv({
      path: "/engine",
      home: "/h",
      backend: "/s",
      env: { PATH: "/bin", LANG: "C", OSTOR_ENDPOINT: "x", PULUMI_ACCESS_TOKEN: "y" },
    });
    const { PATH, LANG, PULUMI_BACKEND_URL, PULUMI_HOME, ...others } = env;
    assert.deepEqual([PATH, LANG], ["/engine:/bin", "C"]);
    assert.deepEqual([PULUMI_BACKEND_URL, PULUMI_HOME], ["file:///s", "/h"]);
    assert.deepEqual(Object.keys(others).sort(), [
      "PULUMI_CONFIG_PASSPHRASE",
      "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
      "PULUMI_SKIP_UPDATE_CHECK",
    ]);
  });
});

describe("clusterSettings", () => {
  const env = { OSTOR_ENDPOINT: "http://gateway.example", OSTOR_DIALECT: "put", PATH: "/bin" };
  const settingsOf = async (...names: string[]) => {
    const { clusterSettings, parts } = await import("../../scripts/test/parts.mjs");
    const chosen = parts.filter(({ name }) => names.includes(name));
    return chosen.map((part) => clusterSettings(part, chosen, env));
  };

  it("run only the contract tests on the user's cluster", async () => {
    const { OSTOR_ENDPOINT, OSTOR_DIALECT } = env;
    assert.deepEqual(await settingsOf("contract"), [{ OSTOR_ENDPOINT, OSTOR_DIALECT }]);
  });

  it("run no other tests on it", async () => {
    assert.deepEqual(await settingsOf("contract", "unit"), [{}, {}]);
    assert.deepEqual(await settingsOf("engine"), [{}]);
  });
});
