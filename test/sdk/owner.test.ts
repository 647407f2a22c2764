import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks, valueOf } from "./mocks";

const settings = { accessKeyId: "AK", secretAccessKey: "SECRET" };

describe("a resource of a User", () => {
  const engine = useMocks();
  const provider = (name: string, endpoint = `https://${name}.example.com`) =>
    new ostor.Provider(name, { ...settings, endpoint });
  const providerOf = async (name: string) =>
    (await engine.named(name)).provider?.split("::").slice(-2)[0];
  const userOn = (eu: ostor.Provider) =>
    new ostor.User("acme", { emailAddress: "ops@acme.example" }, { provider: eu });

  it("uses the user's provider if it has none", async () => {
    const user = userOn(provider("eu"));
    new ostor.AccessKey("key", { user });
    new ostor.Bucket("bucket", { name: "data", owner: user });
    new ostor.Bucket("by-address", { name: "more", owner: user.emailAddress });
    const globex = new ostor.User("globex", { emailAddress: "b@c.example" }, { parent: user });
    new ostor.RotatingAccessKey("rotating", { user: globex, generation: 0 });
    for (const name of ["key", "bucket", "by-address", "rotating"]) {
      assert.equal(await providerOf(name), "eu", name);
    }
  });

  it("uses the user's provider if its parent has another", async () => {
    const parent = new pulumi.ComponentResource(
      "test:index:P",
      "p",
      {},
      {
        providers: [provider("us")],
      },
    );
    new ostor.AccessKey("key", { user: userOn(provider("eu")) }, { parent });
    assert.equal(await providerOf("key"), "eu");
  });

  it("is refused with a provider of another cluster, and accepted with another of the same", async () => {
    const user = userOn(provider("eu"));
    assert.throws(
      () => new ostor.AccessKey("key", { user }, { provider: provider("us") }),
      /AccessKey key: its provider is provider us \(https:\/\/us\.example\.com\), and user acme has provider eu \(https:\/\/eu\.example\.com\); give both the same provider \[different-clusters\]$/,
    );
    const same = provider("again", "https://eu.example.com/");
    new ostor.AccessKey("other", { user }, { provider: same });
    assert.equal(await providerOf("other"), "again");
  });
});

describe("options of the data sources", () => {
  const engine = useMocks();
  const wrong = "a provider" as unknown as ostor.Provider;
  const names = ["getUser", "getUsers", "getBucket", "getBuckets"] as const;
  const args = { getUser: { userId: "x" }, getUsers: {}, getBucket: { name: "x" }, getBuckets: {} };
  type Ask = (args?: object, opts?: object) => unknown;

  for (const name of names) {
    it(`are accepted as first and second argument: ${name} and ${name}Output`, async () => {
      const query = args[name];
      const ask = ostor[name] as Ask;
      const askOutput = ostor[`${name}Output`] as Ask;
      const problem = {
        message: `${name}: the provider given to it is not an ostor.Provider; create one with new ostor.Provider(…) [foreign-provider]`,
      };
      for (const places of [[query, { provider: wrong }], [{ ...query, provider: wrong }]]) {
        await assert.rejects(ask(...places) as Promise<unknown>, problem);
        assert.throws(() => askOutput(...places), problem);
      }
      const parent = new pulumi.ComponentResource("test:index:P", "p", {}, {});
      await valueOf(askOutput(query, { parent, dependsOn: parent }) as pulumi.Output<unknown>);
      assert.deepEqual(engine.calls.at(-1)?.inputs, query);
    });

    it(`are refused by name if they would be ignored: ${name}`, async () => {
      const askOutput = ostor[`${name}Output`] as Ask;
      for (const option of ["provder", "version", "async"]) {
        const message = new RegExp(`^${name}Output: ${option} is not supported`);
        assert.throws(() => askOutput(args[name], { [option]: "x" }), { message });
      }
      await assert.rejects(
        (ostor[name] as Ask)(args[name], { dependsOn: [] }) as Promise<unknown>,
        {
          message: `${name}: it does not wait for dependsOn; use ${name}Output [wrong-arguments]`,
        },
      );
    });
  }
});
