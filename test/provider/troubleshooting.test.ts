import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..");

/** Texts of several words that nobody reads in a message: helps, examples and names of what is tried. */
const otherwise = [
  /^(Compares an ostor cluster|list users and key pairs|delete a user that|revoke a key pair that|no run is going on|a stack whose settings|the selected one|the cluster, instead)/,
  /^(generate a key of user|list buckets of user|list own buckets|read the configuration of|export the state of|list the stacks of the project)/,
  /^(<id of a system user's key>|--secret <secret of that key>|the settings are not known|top top-mid)/,
  /^(While a run goes on|This service doesn.t tell which users|was being created when|; held, as far as|it has none|it has no keys)/,
  /^(tell what an event log of the engine|the stack of the log, for the|check settings, connection, TLS|the (stack whose settings are taken|project's folder, if|cluster, instead of the one in|authorities to trust, instead of)|print Markdown, for the page|user, key or bucket|top top-mid top-left|state createAccessKey)/,
  /^(write a program that adopts|a program \(ts\)|the folder to write to|overwrite files that|a pattern of addresses|leave buckets out)/,
  /^(users of the cluster.s panel|system users as well|whose settings are used|It is empty|Next: |Then remove |\/\/ The tenants of|import (\{ readFileSync|\* as ostor))/,
  /^(pulumi config set (--secret )?ostor:|pulumi-ostor: |\$1\[left out)/,
];

/** One line of text without what differs from one program, terminal or table to the next. */
const plain = (text: string) => text.replace(/[\s`]+/g, " ").trim();

/** A part without the marks that join it to others. */
const bare = (part: string) => plain(part).replace(/^[\s):;,]+|[\s(:;,"]+$/g, "");

/** The fixed parts of each text of several words in a source file. */
function textsOf(path: string): string[][] {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  const texts: string[][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]);
    } else if (ts.isStringLiteralLike(node)) texts.push([node.text]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.filter((parts) => /\w+ \w+ \w+/.test(parts.join("…")));
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

describe("docs/troubleshooting.md", () => {
  const document = plain(
    readFileSync(join(root, "docs", "troubleshooting.md"), "utf8").replace(/ \| /g, " "),
  );

  for (const file of ["provider", "sdk", "cli"].flatMap(sourcesIn)) {
    it(`tells of every message of ${file}`, () => {
      const missing = textsOf(join(root, file))
        .filter((parts) => !otherwise.some((pattern) => pattern.test(parts.join("").trim())))
        .map((parts) => bare(parts.reduce((a, b) => (b.length > a.length ? b : a))))
        .filter((part) => !document.includes(part));
      assert.deepEqual(missing, []);
    });
  }
});
