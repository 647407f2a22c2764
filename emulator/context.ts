import type { Answer } from "./http/answer";
import type { ServiceRequest } from "./http/request";
import type { Service } from "./service";
import type { User } from "./userTable";

/** The input of a handler. */
export interface Context {
  readonly service: Service;
  readonly request: ServiceRequest;
  /** Who signed the request. */
  readonly caller: User;
}

/** Carries out a request. Handlers are synchronous, so requests never interleave. */
export type Handler = (context: Context) => Answer;

/** A recognised request. */
export interface Call {
  /** Name as in `requests` and faults, for example `createUser` or `s3:PutObject`. */
  readonly operation: string;
  /**
   * Checks the request before its body is read. The body is empty then.
   *
   * @throws ServiceError if the request is refused
   */
  readonly admit: (context: Context) => void;
  readonly handler: Handler;
}
