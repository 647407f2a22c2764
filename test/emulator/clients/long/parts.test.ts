import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { commandLine, commandLineNames } from "../commandLines";
import { pythonClients } from "../installed";
import { openPlace, orSkip, type Place } from "../place";
import { stories } from "../stories";

describe("clients of S3 with objects of many megabytes", function () {
  this.timeout(400_000);
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  const operations = () => new Set(place.emulator.requests.map(({ operation }) => operation));

  for (const { name, command, after } of stories) {
    it(`${name} uploads in parts, reads ranges and copies`, async function () {
      const [program = "", ...args] = await orSkip(this, command);
      const words = [...args, "parts", ...(after === undefined ? [] : [after])];
      assert.equal(await place.run(program, ...words), "done\n");
      assert.deepEqual(place.emulator.cluster.buckets(), []);
      for (const operation of ["s3:UploadPart", "s3:CompleteMultipartUpload"]) {
        assert.ok(operations().has(operation), operation);
      }
    });
  }

  for (const name of commandLineNames) {
    it(`${name} uploads in parts, and downloads in ranges`, async function () {
      const bin = await orSkip(this, pythonClients);
      const { env, ...client } = commandLine(name, place, bin);
      Object.assign(place.env, env);
      const run = ([program = "", ...args]: string[]) => place.run(program, ...args);
      const body = randomBytes(11 * 1024 * 1024);
      writeFileSync(join(place.folder, "file"), body);
      await run(client.create);
      await run(client.putParts("file", "body"));
      assert.ok(operations().has("s3:UploadPart"));
      // s3cmd requests the rest of a partially downloaded file.
      if (name === "s3cmd") writeFileSync(join(place.folder, "got"), body.subarray(0, 1_000_000));
      await run(client.getRanges("body", "got"));
      assert.ok(readFileSync(join(place.folder, "got")).equals(body));
      assert.ok(place.emulator.requests.some(({ status }) => status === 206));
    });
  }
});
