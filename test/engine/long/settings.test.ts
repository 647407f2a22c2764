import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { requireSuccess, settingsOf, useCluster } from "../harness";

const program = `new ostor.User("acme", { emailAddress: "ops@acme.example" });`;

describe("settings on the engine", () => {
  const used = useCluster();

  it("fail in check, at preview, with the command that fixes them", async () => {
    used.stack.program(program);
    for (const name of ["endpoint", "accessKeyId", "secretAccessKey"]) {
      requireSuccess(await used.stack.pulumi(["config", "rm", `ostor:${name}`]));
    }
    const missing = await used.stack.preview();
    assert.notEqual(missing.code, 0);
    assert.match(
      missing.output,
      /ostor:endpoint is not set; run: pulumi config set ostor:endpoint https:/,
    );
    assert.match(missing.output, /pulumi config set --secret ostor:secretAccessKey/);
    await used.stack.config({ ...settingsOf(used.emulator), "ostor:endpoint": "s3.example.com/x" });
    const malformed = await used.stack.preview();
    assert.match(
      malformed.output,
      /ostor:endpoint must be scheme, host and port.*is "s3\.example\.com\/x"/,
    );
  });

  it("come from the environment where the configuration does not set them", async () => {
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:endpoint"]));
    const environment = { OSTOR_ENDPOINT: used.emulator.endpoint };
    const up = ["up", "--yes", "--skip-preview"];
    requireSuccess(await used.stack.pulumi(up, environment));
    assert.equal(used.emulator.cluster.users().length, 1);
    requireSuccess(await used.stack.pulumi(["destroy", "--yes", "--skip-preview"], environment));
    await used.stack.config(settingsOf(used.emulator));
  });

  it("that are misspelt fail with the correct name, and other unknown ones only warn", async () => {
    await used.stack.config({ "ostor:maxRetry": "9", "ostor:tenants": "7" });
    const refused = await used.stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /error: ostor:maxRetry is not a setting and has no effect; did you mean ostor:maxRetries\? To remove: pulumi config rm ostor:maxRetry \[unknown-setting\]\n/,
    );
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:maxRetry"]));
    const { output } = requireSuccess(await used.stack.preview());
    const warnings = output.match(/^ +warning: ostor:tenants is not a setting/gm);
    assert.equal(warnings?.length, 1, output);
    requireSuccess(await used.stack.pulumi(["config", "rm", "ostor:tenants"]));
  });

  it("with a wrong secret fail at the first request, with the commands that fix them", async () => {
    await used.stack.config({ "ostor:secretAccessKey": "wrong-secret-of-a-test" });
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /read user ops@acme\.example: the service answered 403.*pulumi config set --secret ostor:secretAccessKey/,
    );
    assert.ok(!refused.output.includes("wrong-secret-of-a-test"));
    assert.deepEqual(used.emulator.cluster.users(), []);
    await used.stack.config(settingsOf(used.emulator));
  });

  it("with an endpoint that nobody listens on fail in one line", async () => {
    await used.stack.config({ "ostor:endpoint": "http://127.0.0.1:9", "ostor:maxRetries": "1" });
    const refused = await used.stack.up();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /no answer from http:\/\/127\.0\.0\.1:9 \(.*ECONNREFUSED.*pulumi config set ostor:endpoint/,
    );
    await used.stack.config(settingsOf(used.emulator));
  });
});

describe("an endpoint that belongs to another web server", () => {
  const used = useCluster();
  let other: Server;
  let otherEndpoint = "";

  before(async () => {
    other = createServer((_request, response) => {
      response.writeHead(404, { "content-type": "text/html" }).end("<html>nothing here</html>");
    });
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    otherEndpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  after(() => {
    other.closeAllConnections();
    other.close();
  });

  it("drops no tenant from state on refresh", async () => {
    used.stack.program(program);
    requireSuccess(await used.stack.up());
    await used.stack.config({ "ostor:endpoint": otherEndpoint });
    const refused = await used.stack.refresh("--run-program");
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /list users: the service answered 404/);
    assert.doesNotMatch(refused.output, /^\s+at /m, "no stack trace");
    assert.ok(await used.stack.resource("acme"));
  });

  it("does not count as a cluster without the user on destroy", async () => {
    const refused = await used.stack.destroy("--run-program");
    assert.notEqual(refused.code, 0);
    assert.ok(await used.stack.resource("acme"));
    assert.equal(used.emulator.cluster.users().length, 1);
  });
});

describe("a rotated administrator key", () => {
  const used = useCluster();

  it("makes refresh report that it uses the settings of the last up, and what to do", async () => {
    used.stack.program(program);
    requireSuccess(await used.stack.up());
    used.emulator.setCredentials({
      accessKeyId: "NEWADMIN",
      secretAccessKey: "a-new-secret-of-the-admin",
    });
    await used.stack.config(settingsOf(used.emulator));
    const refused = await used.stack.refresh();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /403.*refresh and destroy use the settings of the last up.*--run-program/,
    );
    assert.ok(await used.stack.resource("acme"));
  });

  it("is used by refresh --run-program, and by up", async () => {
    requireSuccess(await used.stack.refresh("--run-program"));
    requireSuccess(await used.stack.up());
    requireSuccess(await used.stack.refresh());
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
  });
});
