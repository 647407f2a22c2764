import type { IncomingMessage, ServerResponse } from "node:http";

import { announcedLength, checkAnnounced, limitOf, readBody } from "./body";
import type { Budget } from "./budget";

/** A request whose body is not read yet. */
export class Arrival {
  constructor(
    readonly incoming: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  /**
   * Passes the body to `work`. Its memory is reserved until `work` ends, so that parallel uploads wait for each
   * other and do not fill the process.
   *
   * @throws ServiceError for a body that is too large, or SlowDown
   */
  async withBody<T>(
    operation: string,
    budget: Budget,
    work: (body: Buffer) => Promise<T>,
  ): Promise<T> {
    const length = announcedLength(this.incoming);
    if (length === 0) return await work(Buffer.alloc(0));
    checkAnnounced(this.incoming, operation);
    const release = await budget.take(length ?? limitOf(operation), this.#disconnected());
    try {
      if (this.#waitsForContinue()) this.response.writeContinue();
      return await work(await readBody(this.incoming, operation));
    } finally {
      release();
    }
  }

  /** Whether the client waits for 100 Continue before it sends the body. */
  #waitsForContinue(): boolean {
    return this.incoming.headers.expect?.toLowerCase() === "100-continue";
  }

  #disconnected(): AbortSignal {
    const disconnected = new AbortController();
    this.incoming.once("close", () => {
      disconnected.abort();
    });
    return disconnected.signal;
  }
}
