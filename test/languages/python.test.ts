import { useProject } from "./harness";
import { installPythonSdk } from "./sdks";
import { itManagesTenants } from "./story";

describe("the example in Python", () => {
  const used = useProject("python", ["python", "codegen"], { example: "examples/python" });
  before(async () => {
    await installPythonSdk(used);
  });
  itManagesTenants(used);
});
