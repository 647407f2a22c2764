import assert from "node:assert/strict";

import { parseDeletion } from "../../../emulator/s3/deletion";
import { leaf, parseXml } from "../../../emulator/s3/xml";

describe("xml", () => {
  it("escapes markup and control characters", () => {
    assert.equal(leaf("Key", '<a>&"\r\u0001'), "<Key>&lt;a&gt;&amp;&quot;&#13;&#1;</Key>");
  });

  it("does not change keys", () => {
    const rows = ["<Key> a </Key>", "<Key>1.0</Key>", "<Key>&lt;&#38;&#xE9;</Key>"];
    const objects = rows.map((row) => `<Object>${row}</Object>`).join("");
    const body = `<?xml version="1.0"?><Delete xmlns="x"><Quiet>true</Quiet>${objects}</Delete>`;
    const { objects: read, quiet } = parseDeletion(Buffer.from(body));
    assert.deepEqual(
      read.map(({ key }) => key),
      [" a ", "1.0", "<&é"],
    );
    assert.ok(quiet);
  });

  const bad = [
    "",
    "text",
    "<Delete>",
    "<Delete></Delete>",
    "<Delete><Object/></Delete>",
    "<Other><Object><Key>a</Key></Object></Other>",
    '<!DOCTYPE d [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>',
    `<Delete>${"<Object><Key>a</Key></Object>".repeat(1001)}</Delete>`,
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 50))} as a deletion`, () => {
      assert.throws(() => parseDeletion(Buffer.from(text)), { code: "MalformedXML" });
    });
  }

  it("refuses a document type before reading it", () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(100)}">]><x>&a;</x>`;
    assert.throws(() => parseXml(Buffer.from(bomb)), { code: "MalformedXML" });
  });
});
