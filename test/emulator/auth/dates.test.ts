import assert from "node:assert/strict";

import { parseRequestDate } from "../../../emulator/auth/dates";

const expected = Date.UTC(2016, 3, 7, 13, 1, 3);

describe("parseRequestDate", () => {
  const good = [
    "Thu, 07 Apr 2016 13:01:03 GMT",
    "Thu, 07 Apr 2016 16:01:03 +0300",
    "Thu, 7 Apr 2016 13:01:03 +0000",
    "07 Apr 2016 08:31:03 -0430",
    "Thu, 07 Apr 2016 16:01:03 GMT +3:00",
    "20160407T130103Z",
  ];
  for (const text of good) {
    it(`reads ${text}`, () => {
      assert.equal(parseRequestDate(text), expected);
    });
  }

  const bad = [
    "",
    "yesterday",
    "Thu, 31 Feb 2016 13:01:03 GMT",
    "Thu, 07 Foo 2016 13:01:03 GMT",
    "Thu, 07 Apr 2016 25:01:03 GMT",
    "Thu, 07 Apr 2016 13:01:03 EST",
    "20161307T130103Z",
    "2016-04-07T13:01:03Z; DROP TABLE users",
    "9".repeat(10_000),
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      assert.equal(parseRequestDate(text), undefined);
    });
  }
});
