import { createClient, type Client } from "../../provider/api/client";
import { explain } from "../../provider/api/explain";
import { settingsOf } from "../provider/harness";

/** What a process with little memory tells of one call. */
export interface Told {
  count?: number;
  last?: string;
  message?: string;
  peakMiB: number;
  /** From the question to the last user read. */
  ms: number;
}

const [, , endpoint = "", operation = ""] = process.argv;

const operations: Record<string, (client: Client) => Promise<Omit<Told, "peakMiB" | "ms">>> = {
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
    const pair = { accessKeyId: "AK", secretAccessKey: "SK" };
    return { last: String(await client.isBucketEmpty("bucket", pair)) };
  },
};

/** Runs in a process of its own: the peak of its memory is what is measured. */
async function main(): Promise<void> {
  const settings = settingsOf({ endpoint, maxRetries: "0" });
  const client = createClient(settings);
  const start = performance.now();
  const told = await operations[operation]?.(client).catch((error: unknown) => ({
    message: explain(error, settings),
  }));
  const ms = performance.now() - start;
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(JSON.stringify({ ...told, peakMiB, ms }));
  await client.close();
}

void main();
