import assert from "node:assert/strict";
import { createEmulator, type Emulator } from "../../../emulator";
import { faults } from "../../faults/faults";
import {
  pass,
  startProxy,
  type Exchange,
  type Kind,
  type Plan,
  type Proxy,
} from "../../faults/proxy";
import { createStack, requireSuccess, settingsOf, type Stack } from "../harness";

const tenant = (name: string, args = "") =>
  `const ${name} = new ostor.User("${name}", { emailAddress: "${name}@acme.example", ${args} });`;
const key = (name: string, user: string) => `new ostor.AccessKey("${name}", { user: ${user} });`;

describe("faults between the engine's provider and the service", () => {
  const used = {} as { emulator: Emulator; proxy: Proxy; stack: Stack };
  const user = (name: string) => used.emulator.cluster.user(`${name}@acme.example`);
  const keysOf = (name: string) => user(name)?.accessKeys.map(({ accessKeyId }) => accessKeyId);
  const stored = async (name: string) => (await used.stack.resource(name))?.outputs ?? {};

  before(async function () {
    this.timeout(120_000);
    used.emulator = createEmulator();
    used.proxy = await startProxy(await used.emulator.start());
    used.stack = await createStack();
    await used.stack.config({
      ...settingsOf(used.emulator),
      "ostor:endpoint": used.proxy.endpoint,
      "ostor:maxRetries": "1",
    });
  });
  afterEach(() => used.proxy.heal());
  after(async () => {
    used.stack.remove();
    await used.proxy.close();
    await used.emulator.stop();
  });

  const place = () => ({ proxy: used.proxy, now: Date.now });
  /** The handler of the fault that has this name in the fault matrix. */
  const handle = (fault: string): Plan["handle"] => {
    const found = faults.find(({ name }) => name === fault) ?? assert.fail(`no fault ${fault}`);
    const plan = found.plan({ kind: "getUser", nth: -1, index: 0 }, "gone", place());
    return plan?.handle ?? assert.fail(`${fault} cannot last`);
  };
  const once = async (fault: string, kind: Kind) => {
    let isMet = false;
    await used.proxy.follow({
      handle(exchange, index) {
        if (isMet || exchange.kind !== kind) return pass(exchange);
        isMet = true;
        return handle(fault)(exchange, index);
      },
    });
  };
  /** Applies a fault to all requests after the first one of a kind, which `first` handles. */
  const from = async (kind: Kind, fault: string, first: (exchange: Exchange) => Promise<void>) => {
    let isMet = false;
    await used.proxy.follow({
      handle(exchange, index) {
        if (isMet) return handle(fault)(exchange, index);
        isMet = exchange.kind === kind;
        return isMet ? first(exchange) : pass(exchange);
      },
    });
  };

  it("lose no user when the connection is closed after the service has carried out the PUT", async () => {
    await once("reset after", "createUser");
    used.stack.program(tenant("one"));
    requireSuccess(await used.stack.up());
    assert.equal((await stored("one"))["userId"], user("one")?.userId);
    assert.deepEqual(keysOf("one"), []);
  });

  it("lose no key, and generate no second one, when the response to genKey is lost or incomplete", async () => {
    await once("reset after", "generateKey");
    used.stack.program(`${tenant("one")} ${key("first", "one")}`);
    requireSuccess(await used.stack.up());
    assert.deepEqual(keysOf("one"), [(await stored("first"))["accessKeyId"]]);
    await once("half answer", "generateKey");
    used.stack.program(`${tenant("one")} ${key("first", "one")} ${key("second", "one")}`);
    requireSuccess(await used.stack.up());
    assert.equal(keysOf("one")?.[1], (await stored("second"))["accessKeyId"]);
    const [, secondKey] = user("one")?.accessKeys ?? [];
    const { secretAccessKey } = (await used.stack.resource("second"))?.outputs ?? {};
    assert(JSON.stringify(secretAccessKey).includes(secondKey?.secretAccessKey ?? "?"));
  });

  it("drop no tenant from state when another host answers a refresh with its 404 pages", async () => {
    const before = await used.stack.resources();
    await used.proxy.follow({ handle: handle("HTML 404") });
    const { code, output } = await used.stack.refresh();
    assert.notEqual(code, 0);
    assert.match(output, /list users: the service answered 404/);
    const urns = (await used.stack.resources()).map(({ urn }) => urn);
    assert.deepEqual(urns.sort(), before.map(({ urn }) => urn).sort());
  });

  it("create one user where reads are stale after the PUT", async () => {
    const stale = faults.find(({ name }) => name === "stale reads");
    const plan = stale?.plan({ kind: "createUser", nth: 0, index: 0 }, "once", place());
    await used.proxy.follow(plan ?? assert.fail("there is no such fault"));
    used.stack.program(`${tenant("one")} ${tenant("two")}`);
    requireSuccess(await used.stack.up());
    assert.equal((await stored("two"))["userId"], user("two")?.userId);
    assert.deepEqual([keysOf("one"), keysOf("two")], [[], []]);
  });

  it("keep a user in state when every request after the PUT fails with 503, and the next up completes it", async () => {
    await from("createUser", "503", pass);
    used.stack.program(`${tenant("one")} ${tenant("two")} ${tenant("three", 'state: "disabled"')}`);
    const { code, output } = await used.stack.up();
    assert.notEqual(code, 0);
    assert.match(output, /read user three@acme\.example: the service answered 503/);
    assert.equal((await stored("three"))["userId"], user("three")?.userId);
    await used.proxy.heal();
    requireSuccess(await used.stack.up());
    assert.deepEqual([user("three")?.state, keysOf("three")], ["disabled", []]);
    requireSuccess(await used.stack.preview("--refresh", "--expect-no-changes"));
  });

  it("report a creation that could not be confirmed, and converge with the adopt line of the next run", async () => {
    await from("createUser", "503", async (exchange) => {
      await exchange.forward();
      exchange.reset();
    });
    const others = `${tenant("one")} ${tenant("two")}`;
    used.stack.program(`${others} ${tenant("four")}`);
    assert.match((await used.stack.up()).output, /whether it was carried out could not be read/);
    await used.proxy.heal();
    const [, adopt = ""] = /(adopt: "\w{16}")/.exec((await used.stack.up()).output) ?? [];
    assert.equal(adopt, `adopt: "${user("four")?.userId ?? "?"}"`);
    used.stack.program(`${others} ${tenant("four", adopt)}`);
    requireSuccess(await used.stack.up());
    assert.equal((await stored("four"))["userId"], user("four")?.userId);
  });

  it("leave no user behind when the responses to deletions are lost", async () => {
    await once("reset after", "deleteUser");
    requireSuccess(await used.stack.destroy());
    assert.deepEqual(used.emulator.cluster.users(), []);
    assert.deepEqual(await used.stack.resources(), []);
  });
});
