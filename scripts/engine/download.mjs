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
 * Downloads the official release into the cache. A failure, such as a missing network or a damaged archive, is
 * logged in one line.
 * @param {string} folder
 * @param {import("../engine.mjs").EngineSearch} search
 * @returns {Promise<boolean>} Whether the download succeeded.
 */
export async function downloadEngine(folder, search) {
  const url = `${search.downloadBase}/${archiveName(search.version)}`;
  search.log(`Downloading the Pulumi engine ${search.version}: ${url}`);
  try {
    await addToCache(folder, "download", search, async (temporary) => {
      const archive = join(temporary, "archive.tar.gz");
      await fetchInto(archive, url, search.responseTimeoutMs);
      await unpack(archive, temporary);
      await rm(archive);
    });
    return true;
  } catch (error) {
    interrupted.throwIfAborted();
    search.log(`The download failed: ${reasonOf(error)}.`);
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
 * @param {number} silenceMs The longest time without a response, and between two pieces of it.
 */
async function fetchInto(file, url, silenceMs) {
  const silence = new globalThis.AbortController();
  const timer = setTimeout(
    () => silence.abort(new PlainError(`no response for ${silenceMs / 1000} s`)),
    silenceMs,
  );
  const signal = AbortSignal.any([silence.signal, interrupted]);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new PlainError(`the server returned ${response.status}`);
    }
    const body = Readable.fromWeb(response.body);
    const watched = new Transform({
      transform(chunk, _encoding, done) {
        timer.refresh();
        done(null, chunk);
      },
    });
    await pipeline(body, watched, createWriteStream(file), { signal });
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
  // The release contains one folder, pulumi/.
  const args = ["-xzf", archive, "-C", folder, "--strip-components=1"];
  const { code } = await run("tar", args, { capture: true });
  if (code !== 0) throw new PlainError("the archive is damaged");
}

/** @param {unknown} error */
function reasonOf(error) {
  const { message, cause } = /** @type {Error} */ (error);
  // The message of fetch is "fetch failed"; the reason is its cause.
  const inner = cause instanceof Error ? cause.message : "";
  return inner || message;
}
