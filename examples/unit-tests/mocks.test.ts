import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { declareTenant } from "./tenants";

/** The value of an output, once it is known. */
function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

describe("declareTenant, with mocks", () => {
  const registered: MockResourceArgs[] = [];

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource(args) {
        registered.push(args);
        // The inputs, and the values that the service adds.
        const state = { userId: "0123456789abcdef", accessKeyId: "AK", secretAccessKey: "SK" };
        return { id: `${args.name}-id`, state: { ...state, ...(args.inputs as object) } };
      },
      // The results of functions such as getUsers.
      call: ({ token }) => (token === "ostor:index:getUsers" ? { users: [] } : {}),
    });
  });
  beforeEach(() => {
    registered.length = 0;
  });

  it("suspends a tenant that has not paid", async () => {
    const { user } = declareTenant({ name: "a", emailAddress: "a@a.example", hasPaid: false });
    assert.equal(await valueOf(user.state), "disabled");
  });

  it("creates one key of the user", async () => {
    const { key } = declareTenant({ name: "a", emailAddress: "a@a.example", hasPaid: true });
    assert.equal(await valueOf(key.secretAccessKey), "SK");
    const keys = registered.filter(({ type }) => type === "pulumi-nodejs:dynamic/ostor:AccessKey");
    const users = keys.map(({ inputs }) => (inputs as { user: string }).user);
    assert.deepEqual(users, ["a@a.example"]);
  });
});
