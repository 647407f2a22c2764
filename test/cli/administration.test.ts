import assert from "node:assert/strict";
import { createEmulator } from "../../emulator";
import { usePlace } from "./place";

describe("pulumi-ostor orphans on a service that returns no flags", function () {
  this.timeout(60_000);
  const place = usePlace();
  const emulator = createEmulator({ profile: "acronis-2" });
  before(() => emulator.start());
  after(() => emulator.stop());

  it("does not list the user whose key signs, and prints that other system users may be listed", async () => {
    const { endpoint, credentials } = emulator;
    place.config = {
      "ostor:endpoint": { value: endpoint },
      "ostor:accessKeyId": { value: credentials.accessKeyId },
      "ostor:secretAccessKey": { value: credentials.secretAccessKey },
    };
    assert.match((await place.run(["orphans"])).stdout, /^No orphans: 0 users of /);
    emulator.cluster.createUser("lost@x.example");
    const { stdout } = await place.run(["orphans"]);
    assert.match(stdout, /\nThis service does not return which users are system users: [^\n]+\n/);
    assert.match(stdout, /\n1 orphan: 1 user of /);
  });
});
