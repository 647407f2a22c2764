import assert from "node:assert/strict";
import { cases, seed } from "./seed";

describe("the fuzz tests together", () => {
  after(() => {
    console.log(`      ${cases()} cases, FUZZ_SEED=${seed}`);
  });

  it("tried at least 3,000 cases", () => {
    assert(cases() >= 3_000, `only ${cases()}`);
  });
});
