import assert from "node:assert/strict";
import { unattended, useExample } from "../useExample";

describe("the example plugin", () => {
  const used = useExample("examples/plugin", (cluster) => cluster.createUser("ops@globex.example"));
  const users = () => used.emulator.cluster.users().map(({ emailAddress }) => emailAddress);

  it("creates its tenant, imports an existing user, and deletes what it created", async () => {
    await used.pulumi("up", ...unattended);
    const type = "ostor:index:User";
    const words = ["--yes", "--skip-preview", "--generate-code=false", "--protect=false"];
    await used.pulumi("import", type, "globex", "ops@globex.example", ...words);
    const types = (await used.resources()).filter((each) => each.type === type);
    assert.deepEqual(types.map(({ id }) => id).sort(), users().sort());
    await used.pulumi("destroy", ...unattended);
    assert.deepEqual(users(), []);
  });
});
