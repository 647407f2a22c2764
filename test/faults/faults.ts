import diagnostics from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendOptions } from "../../provider/api/send";
import { pass, type Answer, type Exchange, type Kind, type Plan, type Proxy } from "./proxy";

/**
 * How much goes wrong: the request that a fault aims at once, each time that it is sent, or everything from it on.
 */
export type Extent = "once" | "always" | "gone";

/** All of them, in the order of the marks in a cell. */
export const extents: readonly Extent[] = ["once", "always", "gone"];

/** Where a fault begins: at the n-th request of a run that nothing disturbs. */
export interface Aim {
  kind: Kind;
  index: number;
}

/** A way to go wrong. */
export interface Fault {
  name: string;
  /** Undefined where the extent makes no sense. */
  plan(aim: Aim, extent: Extent, proxy: Proxy): Plan | undefined;
  /** Another clock for the client. */
  now?: SendOptions["now"];
  /** Whether it only disturbs what reads after a write. */
  needsWrite?: boolean;
}

type Handle = (exchange: Exchange, extent: Extent) => Promise<void> | void;

const hourMs = 60 * 60_000;
const page = "<!DOCTYPE html>\n<html><body><h1>Welcome to the load balancer</h1></body></html>\n";
const html = (status: number): Answer => ({
  status,
  headers: { "Content-Type": "text/html" },
  body: page,
});
const refusal = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { ...headers, "Content-Type": "application/xml" },
  body: "<Error><Code>Busy</Code><Message>Come\nback\nlater</Message></Error>",
});
const shape = JSON.stringify({ result: [{ ok: "yes" }], version: 7 });

/** Disturbs the requests that the extent says. */
function disturbing(name: string, handle: Handle): Fault {
  return {
    name,
    plan: ({ kind, index: from }, extent) => ({
      async handle(exchange, index) {
        const isHit =
          extent === "once"
            ? index === from
            : index >= from && (extent === "gone" || exchange.kind === kind);
        await (isHit ? handle(exchange, extent) : pass(exchange));
      },
    }),
  };
}

/** Nothing listens: for one attempt to connect, or from then on. */
const refused: Fault = {
  name: "refused",
  plan({ index }, extent, proxy) {
    if (extent === "always") return undefined;
    if (extent === "once") openAfterRefusal(proxy);
    return { handle: pass, refuseAfter: index };
  },
};

function openAfterRefusal(proxy: Proxy): void {
  const channel = "undici:client:connectError";
  const onRefusal = (message: unknown) => {
    const { connectParams } = message as { connectParams: { port: string } };
    if (connectParams.port !== String(proxy.port)) return;
    diagnostics.unsubscribe(channel, onRefusal);
    void proxy.open();
  };
  diagnostics.subscribe(channel, onRefusal);
}

/** For how long reads are late: less than the client's patience, or for the whole run. */
const staleMs = { once: 60, always: Number.POSITIVE_INFINITY };

/** From a write on, reads get the answers from before it; the answer to the write itself may be lost too. */
function staleReads(name: string, isLost: boolean): Fault {
  return {
    name,
    needsWrite: true,
    plan({ index: from, kind }, extent) {
      if (extent === "gone") return undefined;
      const read = readingLate();
      return {
        async handle(exchange, index) {
          if (exchange.method === "GET") return read.reply(exchange);
          const answer = await exchange.forward();
          const isHit = extent === "once" ? index === from : exchange.kind === kind;
          if (index >= from) read.beLate(staleMs[extent]);
          if (isHit && isLost) exchange.reset();
          else exchange.reply(answer);
        },
      };
    },
  };
}

/** Answers reads as they were answered before, for as long as they are to be late. */
function readingLate() {
  const answers = new Map<string, Answer>();
  let lateUntilMs = 0;
  return {
    beLate(forMs: number) {
      lateUntilMs = Date.now() + forMs;
    },
    async reply(exchange: Exchange) {
      const old = Date.now() < lateUntilMs ? answers.get(exchange.url) : undefined;
      const answer = old ?? (await exchange.forward());
      answers.set(exchange.url, answer);
      exchange.reply(answer);
    },
  };
}

/** The client's clock is an hour ahead; where answers show no date, nothing can be learned. */
const skew: Fault = {
  name: "skew",
  now: () => Date.now() + hourMs,
  plan: (_aim, extent) =>
    extent === "gone" ? undefined : { handle: pass, withoutDate: extent === "always" },
};

/** The columns of the matrix. */
export const faults: readonly Fault[] = [
  refused,
  disturbing("reset before", (exchange) => {
    exchange.reset();
  }),
  disturbing("reset after", async (exchange) => {
    await exchange.forward();
    exchange.reset();
  }),
  disturbing("half answer", async (exchange) => {
    exchange.replyHalf(await exchange.forward());
  }),
  disturbing("time-out before", () => undefined),
  disturbing("time-out after", async (exchange) => {
    await exchange.forward();
  }),
  disturbing("drip", async (exchange) => {
    await exchange.forward();
    exchange.drip();
  }),
  disturbing("429", (exchange) => {
    exchange.reply(refusal(429));
  }),
  disturbing("429, wait", (exchange, extent) => {
    exchange.reply(refusal(429, { "Retry-After": extent === "once" ? "0.02" : "3600" }));
  }),
  disturbing("500", (exchange) => {
    exchange.reply(refusal(500));
  }),
  disturbing("502", (exchange) => {
    exchange.reply(html(502));
  }),
  disturbing("502 after", async (exchange) => {
    await exchange.forward();
    exchange.reply(html(502));
  }),
  disturbing("503", (exchange) => {
    exchange.reply(refusal(503));
  }),
  disturbing("HTML 200", (exchange) => {
    exchange.reply(html(200));
  }),
  disturbing("HTML 404", (exchange) => {
    exchange.reply(html(404));
  }),
  disturbing("empty body", async (exchange) => {
    await exchange.forward();
    exchange.reply({ status: 200, headers: {}, body: "" });
  }),
  disturbing("wrong shape", async (exchange) => {
    await exchange.forward();
    exchange.reply({ status: 200, headers: { "Content-Type": "application/json" }, body: shape });
  }),
  disturbing("late", async (exchange) => {
    const answer = await exchange.forward();
    await sleep(50);
    exchange.reply(answer);
  }),
  staleReads("stale reads", false),
  staleReads("lost, stale", true),
  skew,
];
