import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { zonedDate } from "../client";

const [accessKeyId, secretAccessKey] = ["ID", "SECRET"];
const MiB = 1024 * 1024;
const piece = Buffer.alloc(MiB);

/** Whether the system reports the memory of other processes. */
const isLinux = process.platform === "linux";

describe("memory for bodies", function () {
  this.timeout(120_000);
  let child: ChildProcess;
  let port: number;

  before(async function () {
    if (!isLinux) {
      console.log("      skipped: only Linux reports the memory of a process in /proc");
      this.skip();
    }
    const cli = join(__dirname, "../../../dist/emulator/cli.js");
    const keys = ["--access-key-id", accessKeyId, "--secret-access-key", secretAccessKey];
    child = spawn(process.execPath, [cli, ...keys]);
    const printed = await new Promise<string>((resolve) => {
      child.stdout?.once("data", (data) => {
        resolve(String(data));
      });
    });
    port = Number(/:(\d+)\n/.exec(printed)?.[1]);
  });
  after(() => {
    if (isLinux) child.kill();
  });

  /** The peak memory of the emulator, in MiB. */
  function peak(): number {
    const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  function upload(path: string, secret: string, size: number): Promise<number> {
    const date = zonedDate(Date.now());
    const text = `PUT\n\n\n${date}\n${path}`;
    const signature = createHmac("sha1", secret).update(text).digest("base64");
    const headers = {
      ...{ Date: date, "Content-Length": size * MiB },
      ...(secret !== "" && { Authorization: `AWS ${accessKeyId}:${signature}` }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request({ port, method: "PUT", path, headers, agent: false }, (answer) => {
        answer.resume();
        answer.on("end", () => {
          resolve(answer.statusCode ?? 0);
        });
      });
      outgoing.on("error", reject);
      let left = size;
      const push = () => {
        while (left > 0) {
          left -= 1;
          if (!outgoing.write(piece)) break;
        }
        if (left === 0) outgoing.end();
        else outgoing.once("drain", push);
      };
      push();
    });
  }

  const many = (uploads: number, path: string, secret: string) =>
    Promise.all(Array.from({ length: uploads }, () => upload(path, secret, 60)));

  it("is not used for twenty parallel unsigned uploads of 60 MiB, which are all refused", async () => {
    const before = peak();
    assert.deepEqual(new Set(await many(20, "/data/a", "")), new Set([403]));
    assert.ok(peak() - before < 100, `${peak()} MiB, ${before} MiB before`);
  });

  it("is limited for ten signed uploads, which all succeed", async () => {
    const before = peak();
    assert.equal(await upload("/data", secretAccessKey, 0), 200);
    assert.deepEqual(new Set(await many(10, "/data/a", secretAccessKey)), new Set([200]));
    assert.ok(peak() - before < 500, `${peak()} MiB, ${before} MiB before`);
  });
});
