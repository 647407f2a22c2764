import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { commandLine } from "./commandLines";
import { pythonClients } from "./installed";
import { address, openPlace, orSkip, type Place } from "./place";
import { stories } from "./stories";

describe("clients of S3, as an owner of buckets uses them", function () {
  this.timeout(400_000);
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place.close());

  for (const { name, command, after } of stories) {
    it(`${name} creates, fills, lists, empties and deletes a bucket`, async function () {
      const [program = "", ...args] = await orSkip(this, command);
      const words = [...args, "basics", ...(after === undefined ? [] : [after])];
      assert.equal(await place.run(program, ...words), "done\n");
      assert.deepEqual(place.emulator.cluster.buckets(), []);
    });
  }

  it("aws is refused with AccessDenied while the owner is disabled", async function () {
    const { list } = commandLine("aws", place, await orSkip(this, pythonClients));
    const run = ([program = "", ...args]: string[]) => place.run(program, ...args);
    place.emulator.cluster.createBucket("inventory", address);
    place.emulator.cluster.setUserState(address, "disabled");
    await assert.rejects(run(list), /AccessDenied/);
    place.emulator.cluster.setUserState(address, "enabled");
    await run(list);
  });

  it("aws with default settings gets the setting to change, and works with it", async function () {
    const { create, put, env } = commandLine("aws", place, await orSkip(this, pythonClients));
    const run = ([program = "", ...args]: string[]) => place.run(program, ...args);
    writeFileSync(join(place.folder, "file"), "content\n");
    await run(create);
    await assert.rejects(run(put("file", "a")), /AWS_REQUEST_CHECKSUM_CALCULATION=when_required/);
    assert.deepEqual(env, { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required" });
    Object.assign(place.env, env);
    await run(put("file", "a"));
  });
});
