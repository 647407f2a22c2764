import assert from "node:assert/strict";
import { progressOn, writeLine } from "../../cli/print";

describe("progress on a terminal", () => {
  function written(isTTY: boolean): string {
    let text = "";
    const stream = { isTTY, write: (part: string) => Boolean((text += part)) };
    progressOn(stream)(1, 2);
    writeLine(stream, "failed");
    return text;
  }

  it("is replaced by a failure", () => {
    assert.equal(written(true), "\rreading users: 1 of 2\r\u001b[Kfailed\n");
  });

  it("is printed nowhere else", () => {
    assert.equal(written(false), "failed\n");
  });
});
