import assert from "node:assert/strict";

import { RequestLog } from "../../../emulator/http/requestLog";
import { send } from "../client";
import { withEmulator } from "../withEmulator";

const size = (log: RequestLog) => log.entries.reduce((sum, { path }) => sum + path.length, 0);

describe("RequestLog", () => {
  it("keeps the newest entries by count", () => {
    const log = new RequestLog({ entries: 100, characters: 1e6 });
    for (let count = 0; count < 1000; count += 1) log.add("GET", `/${count}`);
    assert.ok(log.entries.length <= 100 && log.entries.length >= 90);
    assert.equal(log.entries.at(-1)?.path, "/999");
  });

  it("keeps the newest entries by size", () => {
    const log = new RequestLog({ entries: 1000, characters: 100_000 });
    for (let count = 0; count < 100; count += 1) log.add("GET", `/${count}/${"x".repeat(16_000)}`);
    assert.ok(size(log) <= 100_000 && log.entries.length >= 5);
    assert.match(log.entries.at(-1)?.path ?? "", /^\/99\//);
  });

  it("keeps an entry that exceeds the limit, and starts again when it is cleared", () => {
    const log = new RequestLog({ entries: 10, characters: 100 });
    log.add("GET", `/${"x".repeat(1000)}`);
    assert.equal(log.entries.length, 1);
    log.clear();
    for (let count = 0; count < 5; count += 1) log.add("GET", "/short");
    assert.equal(log.entries.length, 5);
  });

  it("is returned by the emulator, also after it was cleared", async () => {
    await withEmulator({}, async (emulator) => {
      const target = `/?${"a".repeat(12_000)}`;
      for (const expected of [1, 1]) {
        await send(emulator.endpoint, { method: "GET", target });
        assert.equal(emulator.requests.length, expected);
        assert.equal(emulator.requests[0]?.path, target);
        emulator.clearRequests();
      }
    });
  });
});
