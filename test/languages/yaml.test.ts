import { useProject } from "./harness";
import { itManagesTenants } from "./story";

describe("the example in YAML", () => {
  itManagesTenants(useProject("yaml", ["yaml"], { example: "examples/yaml" }));
});
