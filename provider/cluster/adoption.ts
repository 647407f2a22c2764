import type { ApiUser } from "../api/schemas";

/** How a program adopts an object that exists, in words for messages: `adopt it with …`. Each front door has its own. */
export interface Adoption {
  user(user: Pick<ApiUser, "emailAddress" | "userId" | "state">): string;
  key(accessKeyId: string): string;
  /** The only access key of a user, as the current one of rotating keys. */
  rotation(user: Pick<ApiUser, "userId">, accessKeyId: string): string;
}

/** By the property `adopt`, which the classes of this package have. */
export const byProperty: Adoption = {
  // Without the state the next update would enable a user that someone suspended.
  user: ({ userId, state }) =>
    `adopt: "${userId}"${state === "disabled" ? ', state: "disabled"' : ""}`,
  key: (accessKeyId) => `adopt: "${accessKeyId}"`,
  rotation: (_user, accessKeyId) => `adopt: "${accessKeyId}"`,
};
