import assert from "node:assert/strict";
import { createEmulator } from "../../emulator";
import { withWebServer } from "../provider/harness";
import { stateOf, usePlace } from "./place";
import { cipher, resource, rows, tenantIn, type Printed } from "./statePlace";

describe("pulumi-ostor drift of what it cannot compare", function () {
  this.timeout(60_000);
  const place = usePlace();
  const drift = async (words: string[] = [], environment: Record<string, string> = {}) => {
    const ended = await place.run(
      ["drift", "--json", "--stack", "selected", ...words],
      environment,
    );
    return { ...ended, report: JSON.parse(ended.stdout) as Printed };
  };
  /** A tenant with changed outputs of its user or key. */
  const changed = (index: number, outputs: object, inputs = outputs) => {
    const { resources, ...ids } = tenantIn(place, "hidden@x.example");
    const each = resources[index];
    Object.assign(each ?? {}, {
      inputs: { ...each?.inputs, ...inputs },
      outputs: { ...each?.outputs, ...outputs },
    });
    return { resources, ...ids };
  };

  it("compares users and keys with secret addresses by their ids, and prints no address", async () => {
    const { resources, accessKeyId } = changed(0, { emailAddress: cipher });
    const [user, key] = resources;
    Object.assign(key?.inputs ?? {}, { user: cipher });
    Object.assign(key ?? {}, { outputs: { ...key?.outputs, user: cipher, emailAddress: cipher } });
    place.states["selected"] = stateOf([...resources, ...tenantIn(place, "a@x.example").resources]);
    place.emulator.cluster.setUserState("hidden@x.example", "disabled");
    place.emulator.cluster.revokeKey(accessKeyId);
    for (const some of [[user, key], [key]] as object[][]) {
      const others = tenantIn(place, `${some.length}@x.example`).resources;
      place.states["selected"] = stateOf([...some, ...others]);
      const { code, report, stdout } = await drift();
      const suspended = some.length === 2 ? ["user  state enabled disabled"] : [];
      assert.deepEqual(rows(report), ["key  exists yes no", ...suspended]);
      assert.equal(code, 7);
      assert(!stdout.includes(`"user": "hidden@`), stdout);
    }
  });

  it("prints no secret address if the read of its user fails", async () => {
    const { resources } = changed(0, { emailAddress: cipher });
    const [user] = resources;
    place.states["selected"] = stateOf([user ?? {}]);
    place.emulator.cluster.setUserState("hidden@x.example", "disabled");
    place.emulator.failNext({
      ...{ kind: "status", status: 400, times: 2 },
      ...{ operation: "getUser", emailAddress: "hidden@x.example" },
    });
    const { report, stdout } = await drift();
    assert.match(report.title, /read user \(secret\): the service answered 400/);
    assert(!stdout.includes("hidden@"), stdout);
  });

  it("reports as not checked what is secret, with the reason, and ends with 1", async () => {
    for (const [index, outputs, reason] of [
      [0, { userId: cipher }, "its userId is secret"],
      [0, { state: cipher }, "its state is secret"],
      [1, { emailAddress: cipher, user: cipher, userId: "0000" }, "its address is secret"],
    ] as const) {
      const { resources } = changed(index, outputs);
      place.states["selected"] = stateOf(resources);
      const { code, report } = await drift();
      const [name = ""] = report.notCompared;
      assert.deepEqual([code, report.result, report.compared], [1, "unknown", 1]);
      assert(report.notes.includes(`Not checked, because ${reason}: ${name}`), report.notes.join());
      const { stderr } = await place.run(["drift", "--stack", "selected"]);
      assert.match(stderr, /^[^\n]*not known: 1 resource of stack selected was not checked \[/);
      place.emulator.cluster.deleteUser("hidden@x.example");
    }
  });

  describe("of a provider of its own, in both families,", () => {
    for (const [type, name] of [
      ["pulumi:providers:pulumi-nodejs", "ostor:endpoint"],
      ["pulumi:providers:ostor", "endpoint"],
    ] as const) {
      /** Compares a tenant with a user of a provider that has an endpoint. */
      const driftWith = (endpoint: unknown) => {
        const { resources } = tenantIn(place, "a@x.example");
        const urn = `urn:pulumi:selected::tenants::${type}::far`;
        const provider = { urn, type, id: "p1", inputs: { [name]: endpoint } };
        const far = resource("User", "far@x.example", { userId: "1234" });
        const user = { ...far, provider: `${urn}::p1` };
        place.states["selected"] = stateOf([provider, user, ...resources]);
        return drift();
      };

      it(`does not compare what belongs to a secret endpoint (${type})`, async () => {
        const { code, report } = await driftWith(cipher);
        assert.deepEqual([code, report.compared, report.drift], [1, 2, []]);
        const because = "because the endpoint of its provider is secret: far@x.example";
        assert(report.notes.some((note) => note.includes(because)));
      });

      it(`does not compare what belongs to another endpoint (${type})`, async () => {
        const { code, report } = await driftWith("https://far.example/");
        assert.deepEqual([code, report.compared, report.notCompared], [1, 2, ["far@x.example"]]);
        const because = "its provider is configured for https://far.example";
        assert(report.notes.some((note) => note.includes(because)));
      });

      it(`compares what belongs to the same endpoint (${type})`, async () => {
        const { report } = await driftWith(place.emulator.endpoint);
        assert.deepEqual(rows(report), ["user  exists yes no"]);
      });
    }
  });

  it("leaves out what is only read and what is being deleted, and names a run in progress", async () => {
    const { resources } = tenantIn(place, "a@x.example");
    const [user] = resources;
    const gone = (more: object) => ({
      ...resource("User", "b@x.example", { userId: "1" }),
      ...more,
    });
    const pending = [{ type: "updating", resource: user ?? {} }];
    place.states["selected"] = stateOf(
      [...resources, gone({ external: true }), gone({ delete: true })],
      pending,
    );
    const { code, report } = await drift();
    assert.deepEqual([code, report.compared], [0, 2]);
    assert(report.notes.some((note) => note.startsWith("The state contains 1 operation of a run")));
    place.states["selected"] = stateOf([...resources, gone({ pendingReplacement: true })]);
    assert.deepEqual((await drift()).report.notCompared, ["b@x.example"]);
  });

  it("takes a stack of which more than half is gone for another cluster, until that is confirmed", async () => {
    const { resources } = tenantIn(place, "a@x.example");
    place.states["selected"] = stateOf(resources);
    place.emulator.cluster.deleteUser("a@x.example");
    const { code, report } = await drift();
    assert.deepEqual([code, report.result, report.drift], [1, "unknown", []]);
    assert.match(
      report.title,
      /: 2 of 2 resources of stack selected were not found; check .*, run: npx pulumi-ostor drift --confirm-gone --stack selected$/,
    );
    const confirmed = await drift(["--confirm-gone"]);
    assert.equal(confirmed.code, 7);
    assert.deepEqual(rows(confirmed.report), [
      "key a@x.example exists yes no",
      "user a@x.example exists yes no",
    ]);
  });

  it("does not take the 404s of a load balancer for deletions", async () => {
    const resources = ["a", "b", "c", "d", "e"].flatMap(
      (name) => tenantIn(place, `${name}@x.example`).resources,
    );
    place.states["selected"] = stateOf(resources);
    const notFound = { kind: "status", status: 404 } as const;
    place.emulator.failNext({
      ...notFound,
      operation: "getUser",
      emailAddress: "a@x.example",
      times: 3,
    });
    place.emulator.cluster.setUserState("b@x.example", "disabled");
    const { code, report } = await drift();
    assert.deepEqual([code, report.result, report.compared], [1, "unknown", 8]);
    assert.deepEqual(rows(report), ["user b@x.example state enabled disabled"]);
    const because = /^Not checked, because the service answers 404 and lists the address: a@x.*, /;
    assert(
      report.notes.some((note) => because.test(note)),
      report.notes.join(),
    );
    place.emulator.cluster.setUserState("b@x.example", "enabled");
    await withWebServer(
      (_, response) => response.writeHead(404).end(),
      async (endpoint) => {
        const { code, report } = await drift(["--endpoint", endpoint]);
        assert.deepEqual([code, report.result, report.drift], [1, "unknown", []]);
      },
    );
  });

  it("is unknown in one line if the service does not answer, or the state cannot be read", async () => {
    place.states["selected"] = stateOf(tenantIn(place, "a@x.example").resources);
    const down = await place.run([
      "drift",
      "--stack",
      "selected",
      "--endpoint",
      "http://127.0.0.1:1",
    ]);
    assert.match(
      down.stderr,
      /^pulumi-ostor: Drift is not known: .*127\.0\.0\.1:1.* \[[\w-]+\]\n$/,
    );
    assert.deepEqual([down.code, down.stdout], [1, ""]);
    place.states = { one: place.states["selected"], two: place.states["selected"] };
    const both = ["drift", "--stack", "one", "--stack", "two", "--endpoint", "http://127.0.0.1:1"];
    assert.match((await place.run(both)).stderr, /^[^\n]*not known: [^\n]* \[[\w-]+\]\n$/);
    for (const words of [both, ["drift", "--all", ...both.slice(-2)]]) {
      const { stacks } = JSON.parse((await place.run([...words, "--json"])).stdout) as {
        stacks: Printed[];
      };
      const found = stacks.map(({ stack, result }) => [stack, result]);
      assert.deepEqual(found, [
        ["one", "unknown"],
        ["two", "unknown"],
      ]);
    }
    const missing = await place.run(["drift", "--stack", "missing"]);
    assert.match(missing.stderr, /^pulumi-ostor: Drift is not known: .* \[pulumi-failed\]\n$/);
  });

  it("reports buckets as not checked if the service does not list them", async () => {
    const without = createEmulator({ seed: 6, assumptions: { bucketsServed: false } });
    await without.start();
    try {
      const { accessKeyId, secretAccessKey } = without.credentials;
      place.config["ostor:accessKeyId"] = { value: accessKeyId };
      place.config["ostor:secretAccessKey"] = { value: secretAccessKey };
      place.states["selected"] = stateOf([resource("Bucket", "data", { name: "data" })]);
      const { code, report } = await drift(["--endpoint", without.endpoint]);
      assert.deepEqual([code, report.notCompared], [1, ["data"]]);
      assert(report.notes.some((note) => note.includes("the service does not list buckets")));
    } finally {
      await without.stop();
    }
  });

  it("needs no passphrase if the environment has the key", async () => {
    place.states["selected"] = stateOf(tenantIn(place, "a@x.example").resources);
    place.locked = ["selected"];
    assert.equal((await place.run(["drift", "--stack", "selected"])).code, 1);
    const { secretAccessKey } = place.emulator.credentials;
    const environment = { OSTOR_SECRET_ACCESS_KEY: secretAccessKey };
    const { code, stdout } = await drift([], environment);
    assert.equal(code, 0);
    assert(!stdout.includes(secretAccessKey));
  });

  it("compares several stacks, each with its report, and all stacks of the project", async () => {
    const [one, two] = ["one", "two"].map((name) => {
      const { resources } = tenantIn(place, `${name}@x.example`);
      return stateOf([...resources, ...tenantIn(place, `${name}2@x.example`).resources]);
    });
    place.states = { one, two };
    place.current = "two";
    place.emulator.cluster.setUserState("one@x.example", "disabled");
    for (const [words, order] of [
      [["--all"], ["two", "one"]],
      [
        ["--stack", "one", "--stack", "two"],
        ["one", "two"],
      ],
    ] as const) {
      const { code, stdout } = await place.run(["drift", "--json", ...words]);
      const { result, stacks } = JSON.parse(stdout) as { result: string; stacks: Printed[] };
      assert.deepEqual([code, result], [7, "differs"]);
      assert.deepEqual(
        stacks.map(({ stack }) => stack),
        order,
      );
      assert.deepEqual(stacks.map(rows).flat(), ["user one@x.example state enabled disabled"]);
    }
    assert.equal(
      place.emulator.requests.filter(({ operation }) => operation === "listUsers").length,
      1,
    );
    const missing = await place.run(["drift", "--json", "--stack", "one", "--stack", "missing"]);
    const { stacks } = JSON.parse(missing.stdout) as { stacks: Printed[] };
    assert.deepEqual(
      [missing.code, stacks.map(({ result }) => result)],
      [1, ["differs", "unknown"]],
    );
  });

  it("refuses flags that do not fit an event log, or each other", async () => {
    for (const [words, problem] of [
      [["drift.log", "--all"], /--all is not used with an event log; .* \[wrong-usage\]\n$/],
      [["drift.log", "--stack", "a", "--stack", "b"], /give --stack once/],
      [["--all", "--stack", "a"], /cannot be used with/],
      [["--every", "5"], /must be a period such as/],
      [["--every", "25d"], /at most 24d/],
      [["--every", "600h"], /at most 24d/],
      [["--webhook", "ftp://x"], /must be an http:\/\/ or https:\/\/ address/],
    ] as const) {
      const { code, stderr } = await place.run(["drift", ...words]);
      assert.match(stderr, problem);
      assert.match(stderr, /^[^\n]+\n$/);
      assert.equal(code, 2);
    }
  });
});
