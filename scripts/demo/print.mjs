// @ts-check

let steps = 0;

/** @param {string} title */
export function printStep(title) {
  steps += 1;
  console.log(`\n${steps}. ${title}`);
}

/** @param {string} text */
export function printIndented(text) {
  console.log(text.trimEnd().replace(/^(?=.)/gm, "  "));
}

/**
 * Prints on a terminal how long the work has been running.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withElapsedTime(work) {
  if (!process.stdout.isTTY) return await work();
  const start = Date.now();
  const timer = setInterval(() => {
    process.stdout.write(`\r  running for ${Math.round((Date.now() - start) / 1000)} s`);
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.stdout.write("\r\u001b[K");
  }
}

/**
 * Prints the users of a cluster with their keys and buckets.
 * @param {import("./cluster.mjs").Cluster} cluster
 */
export async function printCluster(cluster) {
  const buckets = cluster.buckets();
  const rows = cluster.users().map(({ emailAddress, userId, state, accessKeys }) => {
    const keys = accessKeys.map(({ accessKeyId }) => accessKeyId).join(" ");
    const owned = buckets.filter(({ ownerId }) => ownerId === userId);
    const objects = owned.map((bucket) => bucket.objects.length);
    return [emailAddress, state, keys, owned.map(({ name }) => name).join(" "), objects.join(" ")];
  });
  console.log();
  printIndented(await table(["user", "state", "access keys", "buckets", "objects"], rows));
}

const FRAME =
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid";

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
async function table(head, rows) {
  // Setup installs it, so it cannot be imported at the top.
  const { default: Table } = await import("cli-table3");
  const noFrame = Object.fromEntries(FRAME.split(" ").map((name) => [name, ""]));
  const noStyle = { head: [], border: [], "padding-left": 0, "padding-right": 0 };
  const printed = new Table({ head, chars: { ...noFrame, middle: "  " }, style: noStyle });
  printed.push(...rows);
  return printed.toString().replace(/ +$/gm, "");
}
