import assert from "node:assert/strict";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { plot } from "../../bench/plot";

describe("plot", () => {
  it("draws a point for each value on logarithmic axes", () => {
    const points: [number, number][] = [
      [10, 1],
      [100, 10],
      [1000, 100],
    ];
    const svg = plot([{ name: "up", points }], { x: "tenants", y: "seconds" });
    assert.equal(XMLValidator.validate(svg), true);
    const parser = new XMLParser({ ignoreAttributes: false });
    const { svg: root } = parser.parse(svg) as {
      svg: { g: { polyline?: { "@_points": string } }[] };
    };
    const line = root.g.find(({ polyline }) => polyline)?.polyline?.["@_points"] ?? "";
    const [a, b, c] = line.split(" ").map((point) => point.split(",").map(Number));
    assert(a && b && c);
    assert.equal(Number(b[0]) - Number(a[0]), Number(c[0]) - Number(b[0]));
    assert(Number(c[1]) < Number(b[1]) && Number(b[1]) < Number(a[1]), "larger values are higher");
  });
});
