import { failure } from "../../text/message";

export const keyGone = (emailAddress: string, id: string) =>
  failure(
    "key-not-found",
    `read key ${id} of user ${emailAddress}: it does not exist any more; run: pulumi up --refresh`,
  );

export const keyToRead = (id: string) =>
  failure(
    "key-not-found",
    `read key ${id}: no user of the cluster has it; a key is read by its id, and getUser() returns the ids of a user's keys`,
  );
