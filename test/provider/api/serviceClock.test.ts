import assert from "node:assert/strict";
import { createClient, type Client } from "../../../provider/api/client";
import { createServiceClock } from "../../../provider/api/serviceClock";
import { failureOf, settingsOf, useEmulator, withWebServer } from "../harness";

const hourMs = 60 * 60_000;
const nowMs = Date.UTC(2026, 10, 23);
const refusal = (offsetMs: number, status = 403) => ({
  status,
  headers: { date: new Date(nowMs + offsetMs).toUTCString() },
  body: "",
});

describe("the service's clock", () => {
  const clock = () => createServiceClock(() => nowMs);

  it("is this machine's clock at first", () => {
    assert.equal(clock().now(), nowMs);
  });

  it("is learned from a refusal for skew, and from a bare 403 whose date differs by minutes", () => {
    assert.equal(clock().offsetAfter(refusal(hourMs), "RequestTimeTooSkewed"), hourMs);
    assert.equal(clock().offsetAfter(refusal(-60_000), "RequestTimeTooSkewed"), -60_000);
    assert.equal(clock().offsetAfter(refusal(hourMs), ""), hourMs);
    assert.equal(clock().offsetAfter(refusal(-hourMs, 401), "AccessDenied"), -hourMs);
  });

  it("is not learned from a refusal whose date is near, or that has another reason", () => {
    assert.equal(clock().offsetAfter(refusal(60_000), ""), undefined);
    assert.equal(clock().offsetAfter(refusal(2_000), "RequestTimeTooSkewed"), undefined);
    assert.equal(clock().offsetAfter(refusal(hourMs), "InvalidAccessKeyId"), undefined);
    assert.equal(clock().offsetAfter(refusal(hourMs, 404), "NoSuchUser"), undefined);
  });

  it("is not learned twice: a second refusal with the same offset has another reason", () => {
    const learned = clock();
    learned.keep(hourMs);
    assert.equal(learned.now(), nowMs + hourMs);
    assert.equal(learned.offsetAfter(refusal(hourMs), "RequestTimeTooSkewed"), undefined);
  });

  it("is not learned from an answer without a date, or with one that is days ahead", () => {
    const bare = { status: 403, headers: {}, body: "" };
    assert.equal(clock().offsetAfter(bare, "RequestTimeTooSkewed"), undefined);
    assert.equal(clock().offsetAfter(refusal(25 * hourMs), "RequestTimeTooSkewed"), undefined);
  });
});

for (const signatureVersion of ["v4", "v2"] as const) {
  for (const offsetMs of [hourMs, -hourMs]) {
    describe(`a client whose clock is off by ${offsetMs / hourMs} h, signing ${signatureVersion}`, () => {
      const setup = useEmulator();
      const opened: Client[] = [];
      const open = (raw = {}) => {
        const { endpoint, credentials } = setup.emulator;
        const settings = settingsOf({ endpoint, ...credentials, signatureVersion, ...raw });
        const client = createClient(settings, { now: () => Date.now() + offsetMs });
        opened.push(client);
        return client;
      };
      afterEach(() => Promise.all(opened.splice(0).map((client) => client.close())));
      const statuses = () => setup.emulator.requests.map(({ status }) => status);

      it("is refused once, learns the service's time and keeps it", async () => {
        const client = open();
        await client.createUser("ops@acme.example");
        await client.listUsers();
        assert.deepEqual(statuses(), [403, 200, 200]);
      });

      it("sends at most two requests if the refusal has another reason", async () => {
        const error = await failureOf(open({ secretAccessKey: "wrong" }).listUsers());
        assert.match(error.message, /SignatureDoesNotMatch/);
        assert.deepEqual(statuses(), [403, 403]);
      });
    });
  }
}

describe("a client of a service that refuses every date", () => {
  it("sends two requests, reports the refusal, and does not keep the service's time", async () => {
    let asked = 0;
    await withWebServer(
      (_, response) => {
        asked += 1;
        response.writeHead(403, { Date: "Tue, 24 Nov 2026 01:00:00 GMT" }).end();
      },
      async (endpoint) => {
        const settings = settingsOf({ endpoint, signatureVersion: "v4" });
        const now = () => Date.UTC(2026, 10, 24);
        const client = createClient(settings, { now });
        await failureOf(client.listUsers());
        assert.equal(asked, 2);
        await failureOf(client.listUsers());
        await client.close();
        assert.equal(asked, 4);
      },
    );
  });
});
