import assert from "node:assert/strict";
import { createClient, type Client } from "../../../provider/api/client";
import { ApiError } from "../../../provider/api/errors";
import { explain } from "../../../provider/api/explain";
import type { RawSettings } from "../../../provider/settings/settings";
import { failureOf, settingsOf, withWebServer } from "../harness";
import { withV2Server, type Foreign } from "./v2Server";

const xml = (body: string): Omit<Foreign, "status"> => ({
  headers: { "Content-Type": "application/xml" },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});
const refusal = xml("<Error><Code>InternalError</Code><Message>no</Message></Error>");

/** What a service that accepts only V2 may answer to V4. */
const answers: Record<string, Foreign> = {
  "200 with an <Error>": { status: 200, ...refusal },
  "200 with S3's own XML": { status: 200, ...xml("<ListAllMyBucketsResult/>") },
  "200 with a web page": { status: 200, body: "<!DOCTYPE html><title>Panel</title>" },
  "200 with JSON of another shape": { status: 200, body: '{"status":"error"}' },
  "200 without a body": { status: 200 },
  "204": { status: 204 },
};
for (const status of [400, 401, 403, 404, 405, 411, 500, 501, 502, 503]) {
  answers[`${status}`] = { status };
  answers[`${status} with XML`] = { status, ...refusal };
}

async function withClient<T>(
  endpoint: string,
  run: (client: Client) => Promise<T>,
  raw: RawSettings = {},
): Promise<T> {
  const client = createClient(settingsOf({ endpoint, ...raw }), { retryBaseMs: 1 });
  return run(client).finally(() => client.close());
}

describe("signatureVersion auto with a service that accepts only V2", () => {
  const firsts: Record<string, (client: Client) => Promise<unknown>> = {
    listUsers: async (client) => (await client.listUsers()).length,
    getUser: async (client) => (await client.getUser("ops@acme.example")) && 1,
    getUserById: async (client) => (await client.getUserById("4eaf5ceeb2d9b1db")) && 1,
    listBuckets: async (client) => (await client.listBuckets()).length,
  };
  for (const [name, foreign] of Object.entries(answers)) {
    it(`finds V2 with any first read although the answer to V4 is ${name}`, async () => {
      for (const read of Object.values(firsts)) {
        await withV2Server(foreign, ({ endpoint, asked }) =>
          withClient(endpoint, async (client) => {
            assert.equal(await read(client), 1);
            await read(client);
            const versions = asked.map((each) => each.split(" ").at(-1));
            assert.deepEqual(versions, ["other", "v2", "v2"]);
          }),
        );
      }
    });

    it(`names signatureVersion if V2 is refused too, and the answer to V4 is ${name}`, async () => {
      await withV2Server(foreign, async ({ endpoint }) => {
        const raw = { secretAccessKey: "wrong-secret", maxRetries: "0" };
        const error = await failureOf(withClient(endpoint, (client) => client.listUsers(), raw));
        assert.match(error.message, /; signed with V[24]: .* \(signatureVersion auto\)$/);
        assert(!explain(error, settingsOf({ endpoint, ...raw })).includes("wrong-secret"));
      });
    });
  }

  it("reports a missing user as missing, also with the first request", async () => {
    await withV2Server({ status: 404 }, ({ endpoint, asked }) =>
      withClient(endpoint, async (client) => {
        assert.equal(await client.getUser("nobody@acme.example"), undefined);
        assert.equal(asked.length, 2);
      }),
    );
  });

  it("never retries a first write with an unknown outcome", async () => {
    for (const status of [404, 405, 411, 500, 503]) {
      await withV2Server({ status }, ({ endpoint, asked }) =>
        withClient(endpoint, async (client) => {
          await failureOf(client.createUser("new@acme.example"));
          assert.deepEqual(asked, ["PUT /?ostor-users&emailAddress=new%40acme.example other"]);
        }),
      );
    }
  });

  it("sends no second request after a redirect to another server", async () => {
    const headers = { Location: "https://s3.example.com/" };
    await withV2Server({ status: 307, headers }, ({ endpoint, asked }) =>
      withClient(endpoint, async (client) => {
        await failureOf(client.listUsers());
        assert.equal(asked.length, 1);
      }),
    );
  });

  it("offers auto if V4 is forced", async () => {
    await withV2Server({ status: 403 }, async ({ endpoint }) => {
      const raw = { signatureVersion: "v4" };
      const error = await failureOf(withClient(endpoint, (client) => client.listUsers(), raw));
      assert.match(
        explain(error, settingsOf({ endpoint, ...raw })),
        /signatureVersion is v4: auto .*: pulumi config set ostor:signatureVersion auto;/,
      );
    });
  });
});

describe("signatureVersion auto with a service that accepts V4", () => {
  it("sends no second request for a user that does not exist", async () => {
    let asked = 0;
    await withWebServer(
      (_, response) => {
        asked += 1;
        response.writeHead(404, { "X-Amz-Err-Code": "NoSuchUser" }).end();
      },
      (endpoint) =>
        withClient(endpoint, async (client) => {
          assert.equal(await client.getUser("nobody@acme.example"), undefined);
          assert.equal(asked, 1);
        }),
    );
  });

  it("reports the 404 of V4 if V2 is turned off", async () => {
    await withWebServer(
      ({ headers }, response) => {
        const isV4 = headers.authorization?.startsWith("AWS4-") === true;
        response.writeHead(isV4 ? 404 : 403).end();
      },
      (endpoint) =>
        withClient(endpoint, async (client) => {
          assert.equal(await client.getUser("nobody@acme.example"), undefined);
        }),
    );
  });
});

describe("a redirect", () => {
  it("has its origin as a property", async () => {
    await withWebServer(
      (_, response) => response.writeHead(307, { Location: "https://s3.example.com/x?y" }).end(),
      async (endpoint) => {
        const error = await failureOf(withClient(endpoint, (client) => client.listUsers()));
        assert(error instanceof ApiError);
        assert.equal(error.redirect, "https://s3.example.com");
        assert.doesNotMatch(error.message, /pulumi config set/);
      },
    );
  });
});
