import * as ostor from "pulumi-ostor";

/** A customer of the cluster. */
export interface Tenant {
  name: string;
  emailAddress: string;
  hasPaid: boolean;
}

/** Declares a user with one access key. A tenant that has not paid is suspended. */
export function declareTenant({ name, emailAddress, hasPaid }: Tenant) {
  const user = new ostor.User(name, { emailAddress, state: hasPaid ? "enabled" : "disabled" });
  const key = new ostor.AccessKey(`${name}-key`, { user });
  return { user, key };
}
