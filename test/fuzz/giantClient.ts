import { createClient, type Client } from "../../provider/api/client";
import { explain } from "../../provider/api/explain";
import { settingsOf } from "../provider/harness";

/** The result of one call in a process with little memory. */
export interface Report {
  count?: number;
  last?: string;
  message?: string;
  peakMiB: number;
  /** From the request to the last user. */
  ms: number;
}

const [, , endpoint = "", operation = ""] = process.argv;

const operations: Record<string, (client: Client) => Promise<Omit<Report, "peakMiB" | "ms">>> = {
  async listUsers(client) {
    const users = await client.listUsers();
    const last = users.at(-1);
    return { count: users.length, last: JSON.stringify(last) };
  },
  async listBuckets(client) {
    return { count: (await client.listBuckets()).length };
  },
  async getUser(client) {
    return { last: JSON.stringify(await client.getUser("ops@acme.example")) };
  },
  async isBucketEmpty(client) {
    const key = { accessKeyId: "AK", secretAccessKey: "SK" };
    return { last: String(await client.isBucketEmpty("bucket", key)) };
  },
};

/** Runs in a separate process, whose peak memory is measured. */
async function main(): Promise<void> {
  const settings = settingsOf({ endpoint, maxRetries: "0" });
  const client = createClient(settings);
  const start = performance.now();
  const result = await operations[operation]?.(client).catch((error: unknown) => ({
    message: explain(error, settings),
  }));
  const ms = performance.now() - start;
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...result, peakMiB, ms }));
  await client.close();
}

void main();
