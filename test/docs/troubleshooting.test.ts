import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./markdown";

const page = "docs/troubleshooting.md";

/** Texts of several words that no message contains: help texts, examples and names of attempts. */
const otherwise = [
  /^(Compares an ostor cluster|list users and key pairs|delete a user that|revoke a key pair that|no run is going on|a stack whose settings|the selected one|the cluster, instead)/,
  /^(generate a key of user|list buckets of user|list own buckets|read the configuration of|export the state of|list the stacks of the project)/,
  /^(<id of a system user's key>|--secret <secret of that key>|the settings are not known|top top-mid)/,
  /^(While a run goes on|This service doesn.t tell which users|was being created when|; held, as far as|it has none|it has no keys)/,
  /^(tell what an event log of the engine|the stack of the log, for the|check settings, connection, TLS|the (stack whose settings are taken|project's folder, if|cluster, instead of the one in|authorities to trust, instead of)|print Markdown, for the page|user, key or bucket|top top-mid top-left|state createAccessKey)/,
  /^(write a program that adopts|a program \(ts\)|the folder to write to|overwrite files that|a pattern of addresses|leave buckets out)/,
  /^(users of the cluster.s panel|system users as well|whose settings are used|It is empty|Next: |Then remove |\/\/ The tenants of|import (\{ readFileSync|\* as ostor))/,
  /^refused by all$/,
  /^(pulumi config set (--secret )?ostor:|pulumi-ostor: |\$1\[left out)/,
];

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

/** The codes of all messages of the provider and of the classes for programs. */
function codesOfSources(): Set<string> {
  const codes = ["provider", "sdk"]
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

/** One line of text without what differs from one program, terminal or list to the next. */
const plain = (text: string) => text.replace(/[\s`]+/g, " ").trim();

/** A part without the marks that join it to others. */
const bare = (part: string) => plain(part).replace(/^[\s):;,]+|[\s(:;,"]+$/g, "");

/** The fixed parts of each text of several words in a source file. */
function textsOf(path: string): string[][] {
  return inside(parse(path))
    .flatMap((node) => {
      if (ts.isTemplateExpression(node)) {
        return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]];
      }
      return ts.isStringLiteralLike(node) ? [[node.text]] : [];
    })
    .filter((parts) => /\w+ \w+ \w+/.test(parts.join("…")));
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
    // By `failure`, as a `Message`, by a fix of `explain.ts`, by a kind of failed connection, and of sdk/ by both.
    const kinds = ["user-exists", "unsafe-settings", "redirected", "network-proxy"];
    for (const code of [...kinds, "alias-in-use", "unsupported-option"]) {
      assert.ok(codes.has(code), code);
    }
  });

  const document = plain(readFileSync(join(root, page), "utf8"));
  for (const path of sourcesIn("cli").filter((each) => !each.endsWith("essages.ts"))) {
    it(`contains every message of ${path}`, () => {
      const missing = textsOf(path)
        .filter((parts) => !otherwise.some((pattern) => pattern.test(parts.join("").trim())))
        .map((parts) => bare(parts.reduce((a, b) => (b.length > a.length ? b : a))))
        .filter((part) => !document.includes(part));
      assert.deepEqual(missing, []);
    });
  }
});
