import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { requireSuccess, settingsOf, useCluster } from "./harness";

const address = "ops@acme.example";
const program = (args = "") => `new ostor.User("acme", { emailAddress: "${address}", ${args} });`;

describe("what the engine prints when a run is refused", () => {
  const used = useCluster();
  const cluster = () => used.emulator.cluster;
  /** Runs a command that must fail, and returns its output. */
  const refusal = async (...words: string[]) => {
    const { code, output } = await used.stack.pulumi(words);
    assert.notEqual(code, 0, output);
    assert.doesNotMatch(output, /^\s+at /m, "no stack trace");
    return output;
  };
  const up = ["up", "--yes", "--skip-preview"];

  it("names the command that sets what is missing, at preview", async () => {
    used.stack.program(program());
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:endpoint"]));
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:secretAccessKey"]));
    const output = await refusal("preview");
    assert.match(output, /ostor:endpoint is not set; run: pulumi config set ostor:endpoint https:/);
    assert.match(output, /pulumi config set --secret ostor:secretAccessKey/);
  });

  it("names the credentials that the service rejects, without their secret", async () => {
    const wrong = { "ostor:secretAccessKey": "wrong-secret-of-a-test" };
    await used.stack.config({ ...settingsOf(used.emulator), ...wrong });
    const output = await refusal(...up);
    assert.match(
      output,
      /read user ops@acme\.example: the service answered 403.*pulumi config set/,
    );
    assert.ok(!output.includes("wrong-secret-of-a-test"));
    assert.deepEqual(cluster().users(), []);
    await used.stack.config(settingsOf(used.emulator));
  });

  it("names the line that adopts a user that exists; the adoption changes nothing", async () => {
    cluster().createUser(address);
    cluster().setUserState(address, "disabled");
    const before = cluster().user(address);
    const output = await refusal(...up);
    assert.match(output, new RegExp(`already exists .*adopt: "${before?.userId ?? ""}"`));
    used.stack.program(program(`adopt: "${before?.userId ?? ""}"`));
    requireSuccess(await used.stack.up());
    assert.deepEqual(cluster().user(address), before);
    used.stack.program(program(`state: "disabled"`));
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("refuses a third key of one user at preview, without a request", async () => {
    const keys = ["one", "two", "three"].map((name) => `new ostor.AccessKey("${name}", { user });`);
    used.stack.program(`const user = ${program()} ${keys.join(" ")}`);
    used.emulator.clearRequests();
    assert.match(await refusal("preview"), /a user can have two access keys.*\(one, two, three\)/);
    assert.deepEqual(used.emulator.requests, []);
  });

  it("drops no user from state when another web server answers a refresh", async () => {
    const other = createServer((_request, response) => {
      response.writeHead(404, { "content-type": "text/html" }).end("<html>nothing here</html>");
    });
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    used.stack.program(program(`state: "disabled"`));
    await used.stack.config({ "ostor:endpoint": endpoint });
    const refresh = ["refresh", "--yes", "--skip-preview", "--run-program"];
    assert.match(await refusal(...refresh), /list users: the service answered 404/);
    assert.ok(await used.stack.resource("acme"));
    other.closeAllConnections();
    other.close();
  });
});
