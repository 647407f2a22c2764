import { setTimeout as wait } from "node:timers/promises";

import { ServiceError } from "../errors";

/** Bodies up to this size never wait: a connection buffers as much anyway. */
const small = 64 * 1024;

interface Waiting {
  readonly bytes: number;
  start: () => void;
}

/**
 * Memory for the bodies of requests under way. A request reserves all that it may need before its body is read, so
 * that requests never wait for each other with half a body each. First come, first served.
 */
export class Budget {
  #free: number;
  readonly #queue: Waiting[] = [];

  /**
   * @param bytes - at least the largest body
   * @param patienceMs - how long a request waits before it is told to try again later
   */
  constructor(
    bytes: number,
    private readonly patienceMs: number,
  ) {
    this.#free = bytes;
  }

  /**
   * Waits until the memory is there.
   *
   * @param gone - aborted when nobody waits for the answer any more
   * @returns gives the memory back; call it once
   * @throws ServiceError SlowDown when other requests hold the memory for too long
   */
  async take(bytes: number, gone: AbortSignal): Promise<() => void> {
    if (bytes <= small) return () => undefined;
    if (this.#queue.length > 0 || bytes > this.#free) await this.#wait(bytes, gone);
    else this.#free -= bytes;
    return () => {
      this.#free += bytes;
      this.#startNext();
    };
  }

  async #wait(bytes: number, gone: AbortSignal): Promise<void> {
    const place: Waiting = { bytes, start: () => undefined };
    const turn = new Promise<"started">((resolve) => {
      place.start = () => {
        resolve("started");
      };
    });
    this.#queue.push(place);
    const end = new AbortController();
    const signal = AbortSignal.any([gone, end.signal]);
    const late = wait(this.patienceMs, "late", { signal }).catch(() => "gone");
    const outcome = await Promise.race([turn, late]);
    end.abort();
    if (outcome === "started") return;
    this.#queue.splice(this.#queue.indexOf(place), 1);
    this.#startNext();
    throw new ServiceError("SlowDown", "Too much is being uploaded at once; try again later");
  }

  #startNext(): void {
    for (let next = this.#queue[0]; next && next.bytes <= this.#free; next = this.#queue[0]) {
      this.#free -= next.bytes;
      this.#queue.shift();
      next.start();
    }
  }
}
