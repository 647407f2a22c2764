import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { commandLine, commandLineNames } from "../commandLines";
import { pythonClients } from "../installed";
import { openPlace, orSkip, type Place } from "../place";

describe("command-line clients of S3, as an owner of buckets uses them", function () {
  this.timeout(400_000);
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  for (const name of commandLineNames) {
    it(`${name} creates, fills, lists, empties and deletes a bucket`, async function () {
      const bin = await orSkip(this, pythonClients);
      const { env, ...client } = commandLine(name, place, bin);
      Object.assign(place.env, env);
      const run = ([program = "", ...args]: string[]) => place.run(program, ...args);
      const key = "a/ü 1.txt";
      writeFileSync(join(place.folder, "file"), "content\n");
      await run(client.create);
      await run(client.put("file", key));
      assert.ok((await run(client.list)).includes("ü 1.txt"));
      await run(client.get(key, "got"));
      assert.equal(readFileSync(join(place.folder, "got"), "utf8"), "content\n");
      await assert.rejects(run(client.drop), /BucketNotEmpty/);
      await run(client.remove(key));
      assert.deepEqual(place.emulator.cluster.buckets()[0]?.objects, []);
      await run(client.drop);
      assert.deepEqual(place.emulator.cluster.buckets(), []);
    });
  }
});
