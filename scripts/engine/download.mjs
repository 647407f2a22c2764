// @ts-check
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { PlainError } from "../plainError.mjs";
import { interrupted, run } from "../processes.mjs";
import { addToCache } from "./cache.mjs";

/**
 * Gets the official release into the cache. No network, a proxy in between, a damaged archive: each
 * is said in one line and left to the next way.
 * @param {string} folder
 * @param {import("../engine.mjs").EngineSearch} search
 * @returns {Promise<boolean>} Whether it is there now.
 */
export async function downloadEngine(folder, search) {
  const url = `${search.downloadBase}/${archiveName(search.version)}`;
  search.log(`Downloading the Pulumi engine ${search.version}: ${url}`);
  try {
    await addToCache(folder, "download", search, async (temporary) => {
      const archive = join(temporary, "archive.tar.gz");
      await fetchInto(archive, url, search.answerTimeoutMs);
      await unpack(archive, temporary);
      await rm(archive);
    });
    return true;
  } catch (error) {
    interrupted.throwIfAborted();
    search.log(`The download didn't work: ${reasonOf(error)}.`);
    return false;
  }
}

/** @param {string} version */
function archiveName(version) {
  const arch = process.arch === "arm64" ? "arm64" : "x64";
  return `pulumi-v${version}-${process.platform}-${arch}.tar.gz`;
}

/**
 * @param {string} file
 * @param {string} url
 * @param {number} silenceMs Longest time without an answer, and then between two pieces of it.
 */
async function fetchInto(file, url, silenceMs) {
  const silence = new globalThis.AbortController();
  const timer = setTimeout(
    () => silence.abort(new PlainError(`no answer for ${silenceMs / 1000} s`)),
    silenceMs,
  );
  const signal = AbortSignal.any([silence.signal, interrupted]);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new PlainError(`the server answered ${response.status}`);
    }
    const body = Readable.fromWeb(
      /** @type {import("node:stream/web").ReadableStream} */ (response.body),
    );
    const alive = new Transform({
      transform(chunk, _encoding, done) {
        timer.refresh();
        done(null, chunk);
      },
    });
    await pipeline(body, alive, createWriteStream(file), { signal });
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} archive
 * @param {string} folder
 */
async function unpack(archive, folder) {
  // The release keeps everything in one folder, pulumi/.
  const args = ["-xzf", archive, "-C", folder, "--strip-components=1"];
  const { code } = await run("tar", args, { capture: true });
  if (code !== 0) throw new PlainError("the archive is damaged");
}

/** @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  // fetch says "fetch failed" and keeps the reason inside.
  const inner = cause instanceof Error ? cause.message : "";
  return inner || message;
}
