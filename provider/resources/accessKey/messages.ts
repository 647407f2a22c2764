import { failure } from "../../text/message";

export const keyGone = (emailAddress: string, id: string) =>
  failure(
    "key-not-found",
    `read key ${id} of user ${emailAddress}: it does not exist any more; run: pulumi up --refresh`,
  );
