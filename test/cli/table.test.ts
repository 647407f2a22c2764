import assert from "node:assert/strict";
import { assertAligned } from "./aligned";
import { usePlace } from "./place";

describe("the table of pulumi-ostor orphans", function () {
  this.timeout(60_000);
  const place = usePlace();

  it("is aligned, and has no colours without a terminal", async () => {
    const addresses = ["a@b.example", "a-much-longer-address@acme.example"];
    for (const address of addresses) place.emulator.cluster.createUser(address);
    const { stdout, stderr } = await place.run(["orphans"]);
    const lines = stdout.split("\n");
    const head = lines.findIndex((line) => line.startsWith("kind "));
    assertAligned(lines.slice(head, head + 1 + addresses.length), 6);
    assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
  });
});
