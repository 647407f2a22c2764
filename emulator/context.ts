import type { Answer } from "./http/answer";
import type { ServiceRequest } from "./http/request";
import type { Service } from "./service";
import type { User } from "./userTable";

/** What a handler gets. */
export interface Context {
  readonly service: Service;
  readonly request: ServiceRequest;
  /** Who signed the request. */
  readonly caller: User;
}

/** Carries a request out. Handlers are synchronous, so requests never interleave inside one. */
export type Handler = (context: Context) => Answer;

/** A recognised request. */
export interface Call {
  /** Name as in `requests` and faults, for example `createUser` or `s3:PutObject`. */
  readonly operation: string;
  /**
   * Refuses what needs no body to be refused; the request has an empty one then.
   *
   * @throws ServiceError
   */
  readonly admit: (context: Context) => void;
  readonly handler: Handler;
}
