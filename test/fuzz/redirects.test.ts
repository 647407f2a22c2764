import assert from "node:assert/strict";
import { createClient } from "../../provider/api/client";
import { ApiError } from "../../provider/api/errors";
import { explained } from "../../provider/api/explain";
import { failureOf, settingsOf, withWebServer } from "../provider/harness";
import { assertClear, canary } from "./clear";

/** Sends a request to a server that redirects each request, and returns the number of requests. */
async function redirected(
  status: number,
  location: string,
  explicit: string,
): Promise<{ error: Error; message: string; requests: number; endpoint: string }> {
  let requests = 0;
  let result: { error: Error; message: string } | undefined;
  let at = "";
  await withWebServer(
    (_, response) => {
      requests += 1;
      response.writeHead(status, { Location: location }).end();
    },
    async (endpoint) => {
      at = endpoint;
      const settings = settingsOf({ endpoint, explicit, secretAccessKey: canary });
      const client = createClient(settings, { retryBaseMs: 1 });
      const error = await failureOf(client.getUser("ops@acme.example"));
      result = { error, message: explained(error, settings).text };
      await client.close();
    },
  );
  assert(result);
  return { ...result, requests, endpoint: at };
}

describe("redirects", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`are not followed to another host: the error for ${status} names the host and the setting`, async () => {
      let followed = 0;
      await withWebServer(
        (_, response) => {
          followed += 1;
          response.end("[]");
        },
        async (elsewhere) => {
          const location = `${elsewhere.replace("//", "//ops:password@")}/login?token=${canary}`;
          const { error, message, requests } = await redirected(status, location, "false");
          assert(error instanceof ApiError);
          assert.equal(error.status, status);
          assertClear(message, [canary, "password", "token", "/login"]);
          assert.match(
            message,
            /^read user ops@acme\.example: the service answered 30\d: it redir/,
          );
          assert(message.endsWith(`pulumi config set ostor:endpoint ${elsewhere}`), message);
          assert.equal(requests, 1);
          assert.equal(followed, 0, "the other host got a request");
        },
      );
    });
  }

  it("name the argument if the endpoint is one of a provider", async () => {
    const { message } = await redirected(307, "https://s3.example.com/x", "true");
    assert.match(message, /give ostor\.Provider the endpoint https:\/\/s3\.example\.com$/);
  });

  it("to another path are not followed either", async () => {
    const { message, requests } = await redirected(302, "/login", "false");
    assert.match(message, /redirects to another of its paths, which is not followed/);
    assert.equal(requests, 1);
  });

  for (const location of [
    "https://$(reboot).example.com/",
    "https://a;reboot",
    "https://`reboot`/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://[::1",
  ]) {
    it(`to ${location} add nothing to a command in the message`, async () => {
      const { message } = await redirected(308, location, "false");
      assertClear(message, [canary, "reboot", "alert", "passwd"]);
      assert.match(
        message,
        /redirects to a location that is not a web address; nothing was sent there$/,
      );
    });
  }
});
