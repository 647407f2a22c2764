import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks, valueOf } from "./mocks";

type Monitor = Record<string, (...args: unknown[]) => unknown>;

/** Starts a run: a new monitor that the package does not recognize as mocks. */
function startRun(): void {
  const mocked = pulumi.runtime.getMonitor() as unknown as Monitor;
  const methods = [
    "registerResource",
    "readResource",
    "registerResourceOutputs",
    "supportsFeature",
  ];
  const monitor = Object.fromEntries(
    methods.map((name) => [name, (...args: unknown[]) => mocked[name]?.(...args)]),
  );
  pulumi.runtime.setMockOptions(monitor);
}

/** The message of the next rejection that no code handles, as the SDK reports a failed registration. */
function nextRejection(): Promise<string> {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  return new Promise((resolve) => {
    process.once("unhandledRejection", (reason) => {
      for (const listener of others) process.on("unhandledRejection", listener);
      resolve(reason instanceof Error ? reason.message : String(reason));
    });
  });
}

function resolveWith(resolve: (error: Error) => void) {
  return (error: unknown) => {
    resolve(error as Error);
    return true;
  };
}

const settings = { accessKeyId: "AK", secretAccessKey: "SECRET" };
const address = { emailAddress: "ops@acme.example" };

describe("a second declaration", () => {
  useMocks();
  beforeEach(() => {
    startRun();
  });

  it("of a user is refused and names the first, without an adopt line", () => {
    new ostor.User("customer", address);
    assert.throws(
      () => new ostor.User("reseller", { emailAddress: "OPS@acme.example" }),
      (error) =>
        pulumi.RunError.isInstance(error) &&
        error.message ===
          "User reseller: User customer of this program declares user OPS@acme.example already; remove one of the two [declared-twice]",
    );
    assert.throws(
      () => new ostor.Tenant("acme", address),
      /User acme of Tenant acme: User customer of this program/,
    );
  });

  it("is refused without frames of the SDK, in which some releases of Node.js hang", async () => {
    new ostor.User("customer", address);
    const { stack = "" } = await new Promise<Error>((resolve) => {
      pulumi.output(1).apply(() => {
        assert.throws(() => new ostor.User("reseller", address), resolveWith(resolve));
      });
    });
    assert.match(stack, /claims\.test\.ts/);
    assert.doesNotMatch(stack, /@pulumi/);
  });

  it("of a user is refused as soon as its address is known", async () => {
    new ostor.User("customer", address);
    const rejection = nextRejection();
    new ostor.User("reseller", { emailAddress: pulumi.output("ops@acme.example") });
    assert.match(await rejection, /User reseller: User customer of this program/);
  });

  it("of an access key to adopt is refused", () => {
    const user = "ops@acme.example";
    new ostor.AccessKey("one", { user, adopt: "ca55631f9f3d59dcDF4M" });
    assert.throws(
      () => new ostor.RotatingAccessKey("two", { user, adopt: "ca55631f9f3d59dcDF4M" }),
      /RotatingAccessKey two: AccessKey one of this program declares access key ca55631f9f3d59dcDF4M/,
    );
  });

  it("of a user under another provider of the same endpoint is refused", () => {
    const endpoint = "https://s3.example.com";
    const one = new ostor.Provider("one", { ...settings, endpoint });
    const two = new ostor.Provider("two", { ...settings, endpoint: `${endpoint}/` });
    new ostor.User("customer", address, { provider: one });
    assert.throws(() => new ostor.User("reseller", address, { provider: two }), /User customer/);
  });

  it("is accepted on another cluster, of a user that is only read, and in another run", () => {
    const one = new ostor.Provider("one", { ...settings, endpoint: "https://eu.example.com" });
    const two = new ostor.Provider("two", {
      ...settings,
      endpoint: pulumi.output("https://us.example.com"),
    });
    new ostor.User("default", address);
    new ostor.User("eu", address, { provider: one });
    new ostor.User("us", address, { provider: two });
    ostor.User.get("read", "ops@acme.example");
    startRun();
    new ostor.User("again", address);
  });
});

describe("a program under mocks", () => {
  useMocks();

  it("can construct the same tenants in each test", () => {
    const tenant = () => new ostor.Tenant("acme", { ...address, keys: ["app"] });
    assert.doesNotThrow(() => [tenant(), tenant()]);
  });
});

describe("an alias of a Tenant", () => {
  useMocks();
  beforeEach(() => {
    startRun();
  });
  const moved = () => new ostor.Tenant("acme", { ...address, movedFrom: "stack" });
  const byHand = () => new ostor.User("acme", { emailAddress: "eu@acme.example" });
  const message =
    /^Tenant acme has an alias for User acme, which the program still declares; remove User acme/;

  it("is refused while the program declares that user, before it or after it", async () => {
    for (const declarations of [
      [moved, byHand],
      [byHand, moved],
    ]) {
      startRun();
      const rejection = nextRejection();
      for (const declare of declarations) declare();
      assert.match(await rejection, message);
    }
  });

  it("refuses a user that is declared later", async () => {
    const { user } = moved();
    await valueOf(user.urn);
    assert.throws(byHand, { message });
  });

  it("is refused while the program declares the tenant of the old name", async () => {
    const rejection = nextRejection();
    new ostor.Tenant("initech", address, { aliases: [{ name: "acme" }] });
    new ostor.Tenant("acme", { emailAddress: "eu@acme.example" });
    assert.match(await rejection, /Tenant initech has an alias for User acme of Tenant acme/);
  });
});
