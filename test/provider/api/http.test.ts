import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { loadHttp } from "../../../provider/api/http";
import { withWebServer } from "../harness";
import { withProxy } from "./proxy";

const root = resolve(__dirname, "../../..");
const runFile = promisify(execFile);

async function bodyBy(http: ReturnType<typeof loadHttp>, endpoint: string): Promise<string> {
  const agent = new http.Agent();
  try {
    const path = "/?ostor-users";
    const answer = await http.request(agent, { origin: endpoint, path, method: "GET" });
    return await answer.body.text();
  } finally {
    await agent.close();
  }
}

describe("loadHttp", () => {
  it("does not load fetch and WebSocket, which take 0.06 s", () => {
    const program = `
      require("./dist/provider/api/http").loadHttp();
      console.log(JSON.stringify(Object.keys(require.cache)));`;
    const files = JSON.parse(
      execFileSync(process.execPath, ["--eval", program], { cwd: root, encoding: "utf8" }),
    ) as string[];
    assert.ok(files.some((file) => file.endsWith("undici/lib/dispatcher/client.js")));
    assert.deepEqual(
      files.filter((file) => /undici\/(index|lib\/web\/.*)\.js$/.test(file)),
      [],
    );
  });

  it("sends through a proxy in a process that has not loaded undici", async () => {
    const program = `
      const { createTransport } = require("./dist/provider/api/transport");
      const { parseSettings } = require("./dist/provider/settings/settings");
      const raw = { endpoint: process.env.CLUSTER, accessKeyId: "a", secretAccessKey: "b" };
      const transport = createTransport(parseSettings(raw).settings);
      transport.send("list users", { method: "GET", path: "/", headers: {} })
        .then(({ body }) => console.log(body))
        .finally(() => transport.close());`;
    await withWebServer(
      (_, response) => response.end("from the cluster"),
      (endpoint) =>
        withProxy(async (proxy, seen) => {
          const env = { PATH: process.env["PATH"], CLUSTER: endpoint, HTTP_PROXY: proxy };
          const flags = { cwd: root, encoding: "utf8", env } as const;
          const { stdout } = await runFile(process.execPath, ["--eval", program], flags);
          assert.equal(stdout, "from the cluster\n");
          assert.deepEqual(seen, [`CONNECT ${new URL(endpoint).host}`]);
        }),
    );
  });

  it("loads the main module if a release of undici has moved the parts", async () => {
    const asked: string[] = [];
    const moved = (name: string): unknown => {
      asked.push(name);
      if (name !== "undici") throw new Error(`Cannot find module '${name}'`);
      return createRequire(__filename)(name) as unknown;
    };
    await withWebServer(
      (_, response) => response.end("ok"),
      async (endpoint) => {
        assert.equal(await bodyBy(loadHttp(moved), endpoint), "ok");
        assert.equal(await bodyBy(loadHttp(), endpoint), "ok");
      },
    );
    assert.equal(asked.at(-1), "undici");
  });
});
