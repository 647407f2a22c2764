import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, useProject } from "../harness";
import { compileGo } from "../sdks";
import { itManagesTenants } from "../story";

describe("the example in Go", () => {
  const used = useProject("go", ["go", "codegen"]);
  before(async function () {
    this.timeout(600_000);
    await compileGo(used, readFileSync(join(root, "examples/go/main.go"), "utf8"));
  });
  itManagesTenants(used);
});
