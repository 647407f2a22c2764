import { declareTenant } from "./tenants";

const { key } = declareTenant({ name: "acme", emailAddress: "ops@acme.example", hasPaid: true });
declareTenant({ name: "initech", emailAddress: "ops@initech.example", hasPaid: false });

export const secretAccessKey = key.secretAccessKey;
