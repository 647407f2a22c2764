import { join } from "node:path";

import { nodeClients, pythonClients } from "./installed";

/** A program that performs the steps of an owner with one client library, and prints `done`. */
export interface Story {
  readonly name: string;
  /** Program and arguments, except the last, which is `basics` or `parts`. @throws Error if the client is missing */
  readonly command: () => Promise<string[]>;
  readonly after?: string;
}

const folder = join(__dirname, "stories");

async function python(script: string): Promise<string[]> {
  return [join(await pythonClients(), "python"), join(folder, script)];
}

/** One for each library and signature version. */
export const stories: readonly Story[] = [
  { name: "boto3 with Version 4", command: () => python("boto3_story.py"), after: "s3v4" },
  { name: "boto3 with Version 2", command: () => python("boto3_story.py"), after: "s3" },
  { name: "minio for Python", command: () => python("minio_story.py") },
  {
    name: "minio for JavaScript",
    command: async () => [process.execPath, join(folder, "minioStory.mjs"), await nodeClients()],
  },
  {
    name: "the AWS SDK for JavaScript",
    command: () =>
      Promise.resolve([process.execPath, "--no-warnings", join(folder, "awsSdkStory.mjs")]),
  },
];
