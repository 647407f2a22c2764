#!/usr/bin/env node
import { main } from "./main";

// The reader may stop, as `| head` does. That is not a failure and does not change the exit code.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
void main(process.argv.slice(2));
