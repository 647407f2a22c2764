import assert from "node:assert/strict";
import { mock } from "node:test";
import { ApiError, NetworkError, ShapeError } from "../../provider/api/errors";
import type { Session } from "../../provider/session";
import type { RawSettings } from "../../provider/settings";
import { CertainError, writeOnce } from "../../provider/write";
import { failureOf, settingsOf } from "./cluster";

const said = { code: "", message: "", requestId: "" };
const refusal = (status: number, retryAfterMs?: number) =>
  new ApiError("create user a@b", { ...said, status, retryAfterMs });
const torn = new NetworkError("create user a@b", "http://s3", new Error("socket hang up"));
const misshapen = new ShapeError("create user a@b", "it is empty", "");

/** Runs `writeOnce` with answers from scripts: what is an Error is thrown. */
async function run(writes: unknown[], looks: unknown[], raw: RawSettings = {}, patienceMs = 0) {
  const log: string[] = [];
  const next = (name: string, script: unknown[]) => () => {
    log.push(name);
    assert(script.length > 0, `${name} was called once more than scripted`);
    const answer = script.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const settings = settingsOf({ endpoint: "http://s3", ...raw });
  const visibility = { patienceMs, pauseMs: 1, settleMs: 0 };
  const session = { settings, visibility, isLost: () => false } as unknown as Session;
  const outcome = await writeOnce(session, next("write", writes), next("look", looks)).catch(
    (error: unknown) => error,
  );
  return { outcome, log: log.join(" ") };
}

describe("writeOnce", () => {
  it("gives what the write answers, without a look", async () => {
    assert.deepEqual(await run(["made"], []), { outcome: "made", log: "write" });
  });

  for (const status of [400, 401, 403, 404, 409]) {
    it(`takes ${status} for definite: neither looks nor repeats`, async () => {
      const error = refusal(status);
      assert.deepEqual(await run([error], []), { outcome: error, log: "write" });
    });
  }

  for (const [name, error] of [
    ["a cut connection", torn],
    ["an answer of another shape", misshapen],
    ["a 500", refusal(500)],
  ] as const) {
    it(`after ${name} takes what is there, without sending again`, async () => {
      assert.deepEqual(await run([error], ["there"]), { outcome: "there", log: "write look" });
    });

    it(`after ${name} sends again only when nothing is there`, async () => {
      assert.deepEqual(await run([error, "made"], [undefined]), {
        outcome: "made",
        log: "write look write",
      });
    });
  }

  it("takes what an earlier attempt made late for made, when the repetition is refused", async () => {
    assert.deepEqual(await run([torn, refusal(409)], [undefined, "late"]), {
      outcome: "late",
      log: "write look write look",
    });
  });

  it("gives the refusal of a repetition when nothing is there", async () => {
    const error = refusal(409);
    assert.deepEqual(await run([torn, error], [undefined, undefined]), {
      outcome: error,
      log: "write look write look",
    });
  });

  it("stops after maxRetries repetitions, with a last look", async () => {
    const { outcome, log } = await run([torn, torn, torn], [undefined, undefined, undefined], {
      maxRetries: "2",
    });
    assert.equal(outcome, torn);
    assert.equal(log, "write look write look write look");
  });

  it("doesn't repeat when maxRetries is 0, but looks", async () => {
    assert.deepEqual(await run([torn], ["there"], { maxRetries: "0" }), {
      outcome: "there",
      log: "write look",
    });
    assert.deepEqual(await run([torn], [undefined], { maxRetries: "0" }), {
      outcome: torn,
      log: "write look",
    });
  });

  it("says that the outcome is open when looking fails too, and sends nothing more", async () => {
    const { outcome, log } = await run([torn], [refusal(503)]);
    assert.equal(log, "write look");
    assert(outcome instanceof Error);
    assert.match(
      outcome.message,
      /socket hang up\); whether it was done could not be read \(.*503/,
    );
    assert.match(outcome.message, /run pulumi up again/);
    assert(outcome.cause instanceof ApiError);
  });

  it("waits as long as Retry-After asks for", async () => {
    const start = performance.now();
    await run([refusal(503, 150), "made"], [undefined]);
    assert(performance.now() - start >= 145);
  });

  it("fails at once when Retry-After asks for more than the deadline leaves", async () => {
    const { outcome, log } = await run([refusal(503, 200_000)], [undefined]);
    assert.equal(log, "write look");
    assert(outcome instanceof ApiError);
    assert.match(outcome.message, /answered 503, asks to wait 200 s$/);
  });

  it("waits longer than a minute where Retry-After asks for it and the deadline allows it", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      let isDone = false;
      const work = run([refusal(503, 90_000), "made"], [undefined]).then(() => (isDone = true));
      const settle = () => new Promise((resolve) => setImmediate(resolve));
      await settle();
      mock.timers.tick(89_000);
      await settle();
      assert.equal(isDone, false);
      mock.timers.tick(1_000);
      await settle();
      assert.equal(isDone, true);
      await work;
    } finally {
      mock.timers.reset();
    }
  });

  it("looks again for a while before it sends again: what was made may show late", async () => {
    const { log } = await run([torn], [undefined, undefined, "late"], {}, 50);
    assert.equal(log, "write look look look");
  });

  it("doesn't look after a 429, which wasn't carried out: what is there is somebody's", async () => {
    const again = await run([refusal(429), "made"], []);
    assert.deepEqual(again, { outcome: "made", log: "write write" });
    const last = refusal(429);
    assert.deepEqual(await run([last], [], { maxRetries: "0" }), { outcome: last, log: "write" });
    const taken = refusal(409);
    assert.deepEqual(await run([last, taken], []), { outcome: taken, log: "write write" });
  });

  it("looks but once after a 429 that follows an attempt whose outcome is open", async () => {
    const late = await run([torn, refusal(429)], [undefined, "late"], {}, 0);
    assert.deepEqual(late, { outcome: "late", log: "write look write look" });
    const { log } = await run([torn, refusal(429), "made"], [undefined, undefined]);
    assert.equal(log, "write look write look write");
  });

  it("passes on what is certain, whatever else failed", async () => {
    const certain = new CertainError("it went to another user");
    assert.deepEqual(await run([torn], [certain]), { outcome: certain, log: "write look" });
    assert.deepEqual(await run([torn, certain], [undefined]), {
      outcome: certain,
      log: "write look write",
    });
  });

  it("passes a mistake of its own on", async () => {
    const mistake = new TypeError("x is no function");
    const work = run([mistake], []);
    assert.equal((await work).outcome, mistake);
    assert.equal((await failureOf(Promise.reject(mistake))).message, mistake.message);
  });
});
