import type { IncomingMessage, ServerResponse } from "node:http";

import { announcedLength, checkAnnounced, limitOf, readBody } from "./body";
import type { Budget } from "./budget";

/** A request whose body may not have arrived yet. */
export class Arrival {
  constructor(
    readonly incoming: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  /**
   * Reads the body and works with it. Its memory is reserved until then, so that many uploads at once wait for each
   * other instead of filling the process.
   *
   * @throws ServiceError for too large a body, or SlowDown
   */
  async withBody<T>(
    operation: string,
    budget: Budget,
    work: (body: Buffer) => Promise<T>,
  ): Promise<T> {
    const length = announcedLength(this.incoming);
    if (length === 0) return await work(Buffer.alloc(0));
    checkAnnounced(this.incoming, operation);
    const giveBack = await budget.take(length ?? limitOf(operation), this.#gone());
    try {
      if (this.#isHeldBack()) this.response.writeContinue();
      return await work(await readBody(this.incoming, operation));
    } finally {
      giveBack();
    }
  }

  /** Whether the client sends the body only when it is told to go on. */
  #isHeldBack(): boolean {
    return this.incoming.headers.expect?.toLowerCase() === "100-continue";
  }

  #gone(): AbortSignal {
    const gone = new AbortController();
    this.incoming.once("close", () => {
      gone.abort();
    });
    return gone.signal;
  }
}
