import { setTimeout as wait } from "node:timers/promises";

import { ServiceError } from "../errors";

/** Bodies up to this size never wait, because a connection buffers as much. */
const small = 64 * 1024;

interface Waiting {
  readonly bytes: number;
  start: () => void;
}

/**
 * Memory for the bodies of requests in progress. A request reserves all of its memory before its body is read, so
 * that requests with partial bodies never wait for each other. First come, first served.
 */
export class Budget {
  #free: number;
  readonly #queue: Waiting[] = [];

  /**
   * @param bytes - at least the largest body
   * @param patienceMs - how long a request waits before it gets SlowDown
   */
  constructor(
    bytes: number,
    private readonly patienceMs: number,
  ) {
    this.#free = bytes;
  }

  /**
   * Waits until the memory is available.
   *
   * @param disconnected - aborted when the client disconnects
   * @returns a function that releases the memory; call it once
   * @throws ServiceError SlowDown if other requests use the memory for too long
   */
  async take(bytes: number, disconnected: AbortSignal): Promise<() => void> {
    if (bytes <= small) return () => undefined;
    if (this.#queue.length > 0 || bytes > this.#free) await this.#wait(bytes, disconnected);
    else this.#free -= bytes;
    return () => {
      this.#free += bytes;
      this.#startNext();
    };
  }

  async #wait(bytes: number, disconnected: AbortSignal): Promise<void> {
    const place: Waiting = { bytes, start: () => undefined };
    const turn = new Promise<"started">((resolve) => {
      place.start = () => {
        resolve("started");
      };
    });
    this.#queue.push(place);
    const end = new AbortController();
    const signal = AbortSignal.any([disconnected, end.signal]);
    const timeout = wait(this.patienceMs, "timeout", { signal }).catch(() => "disconnected");
    const outcome = await Promise.race([turn, timeout]);
    end.abort();
    if (outcome === "started") return;
    this.#queue.splice(this.#queue.indexOf(place), 1);
    this.#startNext();
    throw new ServiceError("SlowDown", "Too many uploads at the same time; try again later");
  }

  #startNext(): void {
    for (let next = this.#queue[0]; next && next.bytes <= this.#free; next = this.#queue[0]) {
      this.#free -= next.bytes;
      this.#queue.shift();
      next.start();
    }
  }
}
