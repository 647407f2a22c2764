import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import * as ostor from "../../sdk";
import { useMocks } from "./mocks";

const file = /shortStacks\.test\.[tj]s/;

/** The number of stacks with more than one frame that synchronous work captures. */
function longStacksOf(work: () => unknown): number {
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let long = 0;
  Error.prepareStackTrace = (_, frames) => {
    if (frames.length > 1) long += 1;
    return frames.map((frame) => `\n    at ${frame.getFileName() ?? ""}`).join("");
  };
  try {
    work();
  } finally {
    if (own) Object.defineProperty(Error, "prepareStackTrace", own);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
  }
  return long;
}

/** Runs something with frames of Node.js below it. */
function fromTimer(work: () => unknown): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      work();
      resolve();
    }, 0);
  });
}

function failureOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    assert(error instanceof Error);
    return error;
  }
  return assert.fail("nothing failed");
}

describe("a resource that registers itself", () => {
  const engine = useMocks();
  const address = { emailAddress: "ops@acme.example" };
  const declare = {
    User: (name: string, opts?: pulumi.CustomResourceOptions) =>
      new ostor.User(name, address, opts),
    AccessKey: (name: string, opts?: pulumi.CustomResourceOptions) =>
      new ostor.AccessKey(name, { user: "ops@acme.example" }, opts),
    RotatingAccessKey: (name: string, opts?: pulumi.CustomResourceOptions) =>
      new ostor.RotatingAccessKey(name, { user: "ops@acme.example", generation: 0 }, opts),
    Bucket: (name: string, opts?: pulumi.CustomResourceOptions) =>
      new ostor.Bucket(name, { name: "inventory" }, opts),
  };

  for (const [kind, make] of Object.entries(declare)) {
    it(`captures one stack for its place, and no long ones for its properties: a ${kind}`, () => {
      assert.equal(
        longStacksOf(() => make("one")),
        1,
      );
      assert.ok(Error.stackTraceLimit > 1, `${Error.stackTraceLimit} frames afterwards`);
    });

    it(`sends its place in the program to the engine: a ${kind}`, async () => {
      make("one");
      assert.match((await engine.named("one")).sourcePosition, file);
    });

    it(`sends no frames of Node.js below the program to the engine: a ${kind}`, async () => {
      await fromTimer(() => make("one"));
      const { stack } = await engine.named("one");
      assert.match(stack[0] ?? "", file);
      assert.notEqual(stack.at(-1), "");
    });

    it(`names its place in the program if it fails: a ${kind}`, () => {
      const { stack, message } = failureOf(() => make(""));
      assert.match(message, /Missing resource name/);
      assert.match(stack ?? "", file);
      assert.match(stack ?? "", /^.*Missing resource name.*\n\s+at .*Resource/);
      assert.ok(Error.stackTraceLimit > 1, `${Error.stackTraceLimit} frames afterwards`);
    });
  }

  it("keeps the place at which a transformation fails", () => {
    const fail = () => {
      throw new Error("too long a name");
    };
    const { stack } = failureOf(() => declare.User("one", { transformations: [fail] }));
    assert.match(stack ?? "", /too long a name\n\s+at .*fail/);
  });

  it("keeps the format that another prepareStackTrace writes", () => {
    const written = () => "as others write it";
    Error.prepareStackTrace = written;
    try {
      declare.User("one");
      assert.equal(Reflect.get(Error, "prepareStackTrace"), written);
      assert.equal(failureOf(() => declare.User("")).stack?.split("\n")[0], "as others write it");
    } finally {
      Reflect.deleteProperty(Error, "prepareStackTrace");
    }
  });

  it("captures whole stacks with PULUMI_DEBUG_PROMISE_LEAKS", async () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    try {
      assert.ok(longStacksOf(() => declare.User("many")) > 20);
      await fromTimer(() => declare.User("one"));
      assert.equal((await engine.named("one")).stack.at(-1), "");
    } finally {
      delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    }
  });
});
