import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./markdown";

const page = "docs/troubleshooting.md";

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name).replaceAll("\\", "/"));
}

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(
    path,
    readFileSync(join(root, path), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
}

/** A node and everything inside it. */
function inside(node: ts.Node): ts.Node[] {
  const found = [node];
  ts.forEachChild(node, (child) => void found.push(...inside(child)));
  return found;
}

/** The literal texts inside a node. */
function literalsIn(node: ts.Node | undefined): string[] {
  return node === undefined
    ? []
    : inside(node)
        .filter((each) => ts.isStringLiteralLike(each))
        .map(({ text }) => text);
}

/** The kinds of failed connections: `explain.ts` prints each as `network-<kind>`. */
function networkFailures(): string[] {
  return inside(parse("provider/api/networkFailure.ts"))
    .filter((node) => ts.isTypeAliasDeclaration(node))
    .filter(({ name }) => name.text === "NetworkFailure")
    .flatMap(({ type }) => literalsIn(type));
}

/** The codes that one node gives to messages: a call of `failure`, a `Message`, or a fix of `explain.ts`. */
function codesOf(node: ts.Node, isExplain: boolean): string[] {
  if (ts.isCallExpression(node) && node.expression.getText() === "failure") {
    return literalsIn(node.arguments[0]);
  }
  if (ts.isObjectLiteralExpression(node)) {
    const members = new Map(node.properties.map((member) => [member.name?.getText(), member]));
    return members.has("text") ? literalsIn(members.get("code")) : [];
  }
  if (!isExplain || !ts.isArrayLiteralExpression(node)) return [];
  const [first] = node.elements;
  if (first !== undefined && ts.isTemplateExpression(first)) {
    return networkFailures().map((kind) => `${first.head.text}${kind}`);
  }
  return ts.isCallExpression(node.parent) ? [] : literalsIn(first);
}

/** The codes of all messages. */
function codesOfSources(): Set<string> {
  const codes = ["provider", "sdk", "cli"]
    .flatMap(sourcesIn)
    .flatMap((path) =>
      inside(parse(path)).flatMap((node) => codesOf(node, path.endsWith("/explain.ts"))),
    );
  return new Set(codes.filter((code) => code !== ""));
}

/** The codes that the page explains: headings of the third level with nothing but a code. */
function codesOfPage(): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^### ([a-z]+(?:-[a-z]+)*)$/gm)].map(([, code = ""]) => code);
}

describe(page, () => {
  it("has one heading for each code, and no other", () => {
    const [headings, codes] = [codesOfPage(), codesOfSources()];
    assert.deepEqual(
      {
        codesWithoutHeading: [...codes].filter((code) => !headings.includes(code)),
        headingsWithoutCode: headings.filter((code) => !codes.has(code)),
        headingsTwice: headings.filter((code, index) => headings.indexOf(code) !== index),
      },
      { codesWithoutHeading: [], headingsWithoutCode: [], headingsTwice: [] },
    );
  });

  it("is compared with codes of each kind", () => {
    const codes = codesOfSources();
    // From `failure`, a `Message`, a fix of `explain.ts` and a failed connection; then from sdk/ (two) and cli/.
    const kinds = ["user-exists", "unsafe-settings", "redirected", "network-proxy"];
    for (const code of [...kinds, "alias-in-use", "unsupported-option", "not-system-user"]) {
      assert.ok(codes.has(code), code);
    }
  });
});
