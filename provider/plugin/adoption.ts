import type { Adoption } from "../cluster/adoption";
import { shellWord } from "../text/shellWord";

/** By an import, which the engine has for each resource of a plugin. */
export const byImport: Adoption = {
  // The program must declare what was imported, or the next update enables a user that someone suspended.
  user: ({ emailAddress, state }) =>
    `pulumi import ostor:index:User <name> ${shellWord(emailAddress)}${state === "disabled" ? ', and state: "disabled" in the program' : ""}`,
  key: (accessKeyId) => `pulumi import ostor:index:AccessKey <name> ${accessKeyId}`,
  rotation: ({ userId }) => `pulumi import ostor:index:RotatingAccessKey <name> ${userId}`,
};
