import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { schema } from "../../provider/plugin/schema";
import { readPage, root } from "./markdown";

interface Declared {
  type: string;
  properties?: Record<string, unknown>;
}

interface Program {
  resources?: Record<string, Declared>;
  variables?: Record<
    string,
    { "fn::invoke": { function: string; arguments?: Record<string, unknown> } }
  >;
  outputs?: Record<string, string>;
}

type Names = Record<string, unknown>;
const resources: Record<string, { inputProperties: Names; properties: Names } | undefined> =
  schema.resources;
const functions: Record<
  string,
  { inputs: { properties: Names }; outputs: { properties: Names } } | undefined
> = schema.functions;

/** `ostor:User` is short for `ostor:index:User`. */
const tokenOf = (short: string) => short.replace(/^ostor:(?!index:)/, "ostor:index:");

/** Names in a program that the schema does not have. */
function unknownNames({ resources: declared = {}, variables = {}, outputs = {} }: Program) {
  const unknown: string[] = [];
  const results: Record<string, Names> = {};
  const check = (what: string, given: Names = {}, known: Names | undefined) => {
    if (known === undefined) unknown.push(what);
    else unknown.push(...Object.keys(given).filter((name) => !(name in known)));
  };
  for (const [name, { type, properties }] of Object.entries(declared)) {
    check(type, properties, resources[tokenOf(type)]?.inputProperties);
    results[name] = resources[tokenOf(type)]?.properties ?? {};
  }
  for (const [name, { "fn::invoke": invoke }] of Object.entries(variables)) {
    const found = functions[tokenOf(invoke.function)];
    check(invoke.function, invoke.arguments, found?.inputs.properties);
    results[name] = found?.outputs.properties ?? {};
  }
  for (const output of Object.values(outputs)) {
    const [, name = "", property = ""] = /^\$\{([\w-]+)\.(\w+)\}$/.exec(output) ?? [];
    // A page may use a resource of another example.
    if (name === "" || (name in results && !(property in (results[name] ?? {})))) {
      unknown.push(output);
    }
  }
  return unknown;
}

/** Whether a command accepts a text as its input; undefined if there is no such command. */
function accepts(command: string, words: string[], input: string): string | undefined {
  const { error, status, stderr } = spawnSync(command, words, { input, encoding: "utf8" });
  return error ? undefined : status === 0 ? "" : stderr;
}

describe("docs/resources", () => {
  let pages: string[] = [];
  before(async () => {
    ({ resourcePages: pages } = await import("../../scripts/docs/resources.mjs"));
  });
  const examples = (language: string) =>
    pages.flatMap((page) =>
      readPage(page).blocks.flatMap((block) => (block.language === language ? [block.text] : [])),
    );

  it("has the tables of the schema: `npm run docs:resources` writes them", async () => {
    const { withTables } = await import("../../scripts/docs/resources.mjs");
    for (const page of pages) {
      const text = readFileSync(join(root, page), "utf8");
      assert.equal(text, await withTables(text, schema), page);
    }
  });

  it("has a table and an example in each language for each resource and function", () => {
    const names = [...Object.keys(resources), ...Object.keys(functions)];
    const texts = pages.map((page) => readFileSync(join(root, page), "utf8")).join("\n");
    for (const token of names) {
      const name = token.replace("ostor:index:", "");
      assert.ok(texts.includes(`<!-- outputs of ${name} -->`), name);
    }
    for (const language of ["ts", "python", "go", "yaml"]) {
      assert.equal(examples(language).length, names.length, language);
    }
  });

  it("has TypeScript examples that were run", () => {
    const blocks = pages.flatMap((page) => readPage(page).blocks);
    // quotes.test.ts compares them with that file.
    for (const { from } of blocks.filter(({ language }) => language === "ts")) {
      assert.equal(from, "examples/reference/index.ts");
    }
  });

  it("has YAML examples with names of the schema", () => {
    for (const text of examples("yaml")) {
      assert.deepEqual(unknownNames(parse(text) as Program), [], text);
    }
    const wrong = { a: { type: "ostor:User", properties: { emailAdress: "" } } };
    assert.deepEqual(unknownNames({ resources: wrong }), ["emailAdress"]);
  });

  it("has Python examples that Python parses", function () {
    const check = (text: string) =>
      accepts("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], text);
    if (check("") === undefined) this.skip();
    assert.equal(check(examples("python").join("\n")), "");
    assert.notEqual(check("a = ("), "");
  });

  it("has Go examples that Go parses, formatted", function () {
    const format = (text: string) =>
      spawnSync("gofmt", ["-e"], { input: text, encoding: "utf8" }).stdout as string | null;
    if (format("a := 1\n") === null) this.skip();
    for (const text of examples("go")) assert.equal(format(text), text);
    assert.notEqual(format("a := (\n"), "a := (\n");
  });
});
