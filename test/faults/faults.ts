import diagnostics from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendOptions } from "../../provider/api/send";
import { pass, type Answer, type Exchange, type Kind, type Plan, type Proxy } from "./proxy";

/**
 * How much fails: one request, each request of its kind, or all requests from it on.
 */
export type Extent = "once" | "always" | "gone";

/** All extents, in the order of the marks in a cell. */
export const extents: readonly Extent[] = ["once", "always", "gone"];

/** Where a fault begins. */
export interface Aim {
  kind: Kind;
  /** Which request of its kind, from 0. */
  nth: number;
  /** Its place among all requests of an undisturbed run. */
  index: number;
}

/** What a fault disturbs, and the time on the clock of the runs, in ms. */
export interface Place {
  proxy: Proxy;
  now(): number;
}

/** A kind of failure. */
export interface Fault {
  name: string;
  /** Returns undefined if the extent does not apply. */
  plan(aim: Aim, extent: Extent, place: Place): Plan | undefined;
  /** Another clock for the client. */
  now?: SendOptions["now"];
  /** Whether the client must stop to wait. */
  isEndless?: boolean;
  /** Whether it only affects reads after a write. */
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

/** Handles the requests that the extent selects. */
function faulty(name: string, handle: Handle, more: Partial<Fault> = {}): Fault {
  return {
    name,
    ...more,
    plan({ kind, nth }, extent) {
      let ofKind = 0;
      return {
        async handle(exchange) {
          const isKind = exchange.kind === kind;
          // By its kind: on a busy machine a request that is repeated would shift all that follow.
          if (isKind) ofKind += 1;
          const isHit =
            extent === "once"
              ? isKind && ofKind === nth + 1
              : ofKind > nth && (extent === "gone" || isKind);
          await (isHit ? handle(exchange, extent) : pass(exchange));
        },
      };
    },
  };
}

/** Nothing listens, for one attempt to connect or from then on. */
const refused: Fault = {
  name: "refused",
  plan({ index }, extent, { proxy }) {
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

/** How long reads are stale: less than the client's patience, or for the whole run. */
const staleMs = { once: 60, always: Number.POSITIVE_INFINITY };

/** After a write, reads return the state before it. The response to the write may be lost too. */
function staleReads(name: string, isLost: boolean): Fault {
  return {
    name,
    needsWrite: true,
    plan({ index: from, kind }, extent, { now }) {
      if (extent === "gone") return undefined;
      const cache = staleCache(now);
      return {
        async handle(exchange, index) {
          if (exchange.method === "GET") return cache.reply(exchange);
          const answer = await exchange.forward();
          const isHit = extent === "once" ? index === from : exchange.kind === kind;
          if (index >= from) cache.beStale(staleMs[extent]);
          if (isHit && isLost) exchange.reset();
          else exchange.reply(answer);
        },
      };
    },
  };
}

/** Repeats earlier responses to reads while reads are stale. */
function staleCache(now: Place["now"]) {
  const answers = new Map<string, Answer>();
  let staleUntilMs = 0;
  return {
    beStale(forMs: number) {
      staleUntilMs = now() + forMs;
    },
    async reply(exchange: Exchange) {
      const old = now() < staleUntilMs ? answers.get(exchange.url) : undefined;
      const answer = old ?? (await exchange.forward());
      answers.set(exchange.url, answer);
      exchange.reply(answer);
    },
  };
}

/** The client's clock is an hour ahead. Responses may have no date to correct it. */
const skew: Fault = {
  name: "skew",
  now: () => Date.now() + hourMs,
  plan: (_aim, extent) =>
    extent === "gone" ? undefined : { handle: pass, withoutDate: extent === "always" },
};

const endless = { isEndless: true };

/** The columns of the matrix. */
export const faults: readonly Fault[] = [
  refused,
  faulty("reset before", (exchange) => {
    exchange.reset();
  }),
  faulty("reset after", async (exchange) => {
    await exchange.forward();
    exchange.reset();
  }),
  faulty("half answer", async (exchange) => {
    exchange.replyHalf(await exchange.forward());
  }),
  faulty("time-out before", () => undefined, endless),
  faulty(
    "time-out after",
    async (exchange) => {
      await exchange.forward();
    },
    endless,
  ),
  faulty(
    "drip",
    async (exchange) => {
      await exchange.forward();
      exchange.drip();
    },
    endless,
  ),
  faulty("429", (exchange) => {
    exchange.reply(refusal(429));
  }),
  faulty("429, wait", (exchange, extent) => {
    exchange.reply(refusal(429, { "Retry-After": extent === "once" ? "0.02" : "3600" }));
  }),
  faulty("500", (exchange) => {
    exchange.reply(refusal(500));
  }),
  faulty("502", (exchange) => {
    exchange.reply(html(502));
  }),
  faulty("502 after", async (exchange) => {
    await exchange.forward();
    exchange.reply(html(502));
  }),
  faulty("503", (exchange) => {
    exchange.reply(refusal(503));
  }),
  faulty("HTML 200", (exchange) => {
    exchange.reply(html(200));
  }),
  faulty("HTML 404", (exchange) => {
    exchange.reply(html(404));
  }),
  faulty("empty body", async (exchange) => {
    await exchange.forward();
    exchange.reply({ status: 200, headers: {}, body: "" });
  }),
  faulty("wrong shape", async (exchange) => {
    await exchange.forward();
    exchange.reply({ status: 200, headers: { "Content-Type": "application/json" }, body: shape });
  }),
  faulty("late", async (exchange) => {
    const answer = await exchange.forward();
    await sleep(50);
    exchange.reply(answer);
  }),
  staleReads("stale reads", false),
  staleReads("lost, stale", true),
  skew,
];
