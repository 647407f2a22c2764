import { bulkhead } from "cockatiel";
import { fold } from "./fold";

/** Runs the changes to one user one at a time, so that each sees which access key is new. */
export type WithLock = <T>(emailAddress: string, work: () => Promise<T>) => Promise<T>;

/** Opens one queue per user. */
export function createLocks(): WithLock {
  const queues = new Map<string, ReturnType<typeof bulkhead>>();
  return (emailAddress, work) => {
    const address = fold(emailAddress);
    const queue = queues.get(address) ?? bulkhead(1, Number.POSITIVE_INFINITY);
    queues.set(address, queue);
    return queue.execute(work);
  };
}
