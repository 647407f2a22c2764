import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { declare, type Tenant } from "../../cli/export/declarable";
import { importFile } from "../../cli/export/importFile";
import { uniqueNames, variablesOf } from "../../cli/export/names";
import { withNames, type Export } from "../../cli/export/named";
import { loopText, tenantsJson } from "../../cli/export/programJson";
import { programText } from "../../cli/export/programText";
import { kindOf, providerTexts } from "../../sdk/frontDoor";
import type { ImportFile } from "./exportPlace";

const root = resolve(__dirname, "../..");

/** Addresses with special characters of a program, a comment or a name; all pass the provider's check. */
const odd = [
  `"quoted"@x.example`,
  `it's@x.example`,
  "back\\slash@x.example",
  "${process.exit(1)}@x.example",
  "`tick`@x.example",
  "*/@x.example",
  "//@x.example",
  "</script>@x.example",
  "right\u202eto\u200fleft@x.example",
  "日本@例え.example",
  "in@-",
  "_@dirname",
  "_@filename",
  "1st@x.example",
  "user_1st@x.example",
  "constructor@x.example",
  "__proto__@x.example",
  "a.b@x.example",
  "a-b@x.example",
  "a+b@x.example",
];

const sixteen = (number: number) => number.toString(16).padStart(16, "0");

function tenant(emailAddress: string, number: number): Tenant {
  const userId = sixteen(number + 1);
  const key = (rest: string) => ({
    accessKeyId: `${userId}${rest}`,
    secretAccessKey: `secret-${number}-${rest}`,
  });
  const sizes = { currentBytes: 0, hmaxBytes: 0, hIntegralByteHours: 0, lastTsHours: 0 };
  const bucket = {
    name: `bucket-${number}`,
    ownerId: userId,
    creationDate: "2026-01-01T00:00:00.000Z",
  };
  return {
    emailAddress,
    userId,
    state: number % 2 === 0 ? "enabled" : "disabled",
    ownerId: "0000000000000000",
    flags: [],
    keys: [key("AAAA"), key("BBBB")].slice(0, number % 3),
    buckets: number % 5 === 0 ? [{ ...bucket, ...sizes }] : [],
  };
}

function exported(addresses: string[]): Export {
  const leftOut = odd.map((what) => ({ what: `user ${what}\n`, why: "\u2028new x();" }));
  return { endpoint: "https://s3.example.com", tenants: withNames(addresses.map(tenant)), leftOut };
}

interface Declared {
  type: string;
  name: string;
  args: Record<string, unknown>;
  options: unknown;
}

/** What a program declares, run with a stand-in for the package. */
function declaredBy(program: string, tenants = ""): Declared[] {
  const declared: Declared[] = [];
  const resource = (type: string) =>
    function (this: { userId: unknown }, name: string, args: Declared["args"], options: unknown) {
      const plain = Object.entries(args).filter(([, value]) => value !== undefined);
      const known = plain.map(([key, value]) => [key, userIn(value) ?? value]);
      this.userId = args["adopt"];
      declared.push({ type, name, args: Object.fromEntries(known) as Declared["args"], options });
    };
  const ostor = {
    User: resource("User"),
    AccessKey: resource("AccessKey"),
    Bucket: resource("Bucket"),
  };
  const modules: Record<string, unknown> = {
    "pulumi-ostor": ostor,
    "node:fs": { readFileSync: () => tenants },
    "node:path": { join },
  };
  // As a module's wrapper: a variable of the program may not have one of these names.
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${compiled(program)}\n})`;
  const run = runInNewContext(wrapped) as (...given: unknown[]) => void;
  run({}, (name: string) => modules[name], {}, "", "");
  // Objects of another context are of another class.
  return JSON.parse(JSON.stringify(declared)) as Declared[];
}

/** Programs that were compiled: the one with a loop is the same for all tenants. */
const outputs = new Map<string, string>();

function compiled(program: string): string {
  const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const text =
    outputs.get(program) ?? ts.transpileModule(program, { compilerOptions: options }).outputText;
  outputs.set(program, text);
  return text;
}

function userIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "userId" in value
    ? value.userId
    : undefined;
}

/** What must be declared of tenants, in the order of the program. */
function expected(tenants: Tenant[]) {
  return tenants.flatMap(({ emailAddress, state, userId, keys, buckets }) => [
    { type: "User", args: { emailAddress, state, adopt: userId } },
    ...keys.map(({ accessKeyId }) => ({
      type: "AccessKey",
      args: { user: userId, adopt: accessKeyId },
    })),
    ...buckets.map(({ name }) => ({ type: "Bucket", args: { name, owner: userId } })),
  ]);
}

// Built once: each takes half a second.
const part = fc.string({ minLength: 1, unit: "binary" });
const address = fc
  .tuple(part, part)
  .map((parts) => parts.map((each) => each.replace(/[\s\p{Cc}\p{Cs}@]/gu, "-")).join("@"));
const cluster = fc.uniqueArray(fc.oneof(address, fc.constantFrom(...odd)), {
  selector: (each) => each.toLowerCase(),
  minLength: 1,
  maxLength: 30,
});

describe("what pulumi-ostor export writes", function () {
  this.timeout(120_000);

  it("declares exactly the tenants, whatever their addresses contain, and the same in each format", () => {
    fc.assert(
      fc.property(cluster, (addresses) => {
        const all = exported(addresses);
        const wanted = expected(all.tenants);
        const program = declaredBy(programText(all));
        assert.deepEqual(
          program.map(({ type, args }) => ({ type, args })),
          wanted,
        );
        assert(program.every(({ options }) => JSON.stringify(options) === '{"protect":true}'));
        assert.equal(
          new Set(program.map(({ type, name }) => `${type} ${name}`)).size,
          wanted.length,
        );
        assert.deepEqual(declaredBy(loopText, tenantsJson(all)), program);
        const { resources } = JSON.parse(importFile(all)) as ImportFile;
        assert.deepEqual(
          resources.map(({ type, name }) => ({ type: type.replace(/.*:/, ""), name })),
          program.map(({ type, name }) => ({ type, name })),
        );
      }),
    );
  });

  it("passes the strictest type check", () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-types-"));
    try {
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      writeFileSync(join(folder, "package.json"), '{ "private": true }');
      const program = programText(exported(odd));
      const texts = { program, loop: loopText, wrong: program.replace('"enabled"', '"on"') };
      const files = Object.entries(texts).map(([name, text]) => {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, "index.ts"), text);
        return join(folder, name, "index.ts");
      });
      const found = complaints(files);
      assert.match(found.join("\n"), /^\S*wrong.index\.ts: .*"on".*$/, "only this error is found");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has no effect on a terminal, and has one line for each thing that was left out", () => {
    const all = exported(odd);
    for (const text of [programText(all), tenantsJson(all)]) {
      assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }
    assert.equal(programText(all).match(/^\/\/ Left out: /gm)?.length, odd.length);
  });

  it("loses adopt to the line of docs/adopt.md, and nothing else", () => {
    const guide = readFileSync(join(root, "docs/adopt.md"), "utf8");
    const [, pattern = "", line = ""] =
      /sed -i\.bak -E 's\/(.*)\/(.*)\/' tenants\/index\.ts/.exec(guide) ?? [];
    assert.notEqual(pattern, "");
    const without = (text: string) => text.replace(new RegExp(pattern, "gm"), line);
    const all = exported(odd);
    const bare = declaredBy(programText(all)).map(withoutIds);
    const tried = [
      declaredBy(without(programText(all))),
      declaredBy(without(loopText), tenantsJson(all)),
    ];
    for (const declared of tried) {
      assert(declared.every(({ args }) => !("adopt" in args)));
      assert.deepEqual(declared.map(withoutIds), bare);
    }
  });

  it("stores of the provider what programs store", () => {
    const { resources } = JSON.parse(importFile(exported(odd))) as ImportFile;
    for (const { type, inputs, outputs } of resources) {
      const kind = kindOf(type);
      assert(kind !== undefined, type);
      assert.deepEqual(
        [inputs["__provider"], outputs["__provider"]],
        [providerTexts[kind], providerTexts[kind]],
      );
    }
  });

  it("marks secrets as the engine does in an import file: JSON within JSON", () => {
    const { resources } = JSON.parse(
      importFile(exported(["a@x.example", "b@x.example"])),
    ) as ImportFile;
    const secrets = resources.map(({ outputs }) => outputs["secretAccessKey"]).filter(Boolean);
    assert.deepEqual(secrets, [
      {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: '"secret-1-AAAA"',
      },
    ]);
  });
});

describe("names of exported resources", () => {
  const some = fc.uniqueArray(
    fc.record({
      wanted: fc.constantFrom("a", "b", "a-x", "a-y", "a-x-x"),
      id: fc.stringMatching(/^[xyz]{3}$/),
    }),
    { selector: ({ id }) => id, maxLength: 20 },
  );

  it("are unique, and do not depend on the order", () => {
    fc.assert(
      fc.property(some, (all) => {
        const names = uniqueNames(all);
        assert.equal(new Set(names).size, all.length);
        assert.deepEqual(uniqueNames([...all].reverse()), [...names].reverse());
      }),
    );
  });

  it("contain no id if they are unique without it", () => {
    const all = [
      ["a", "1"],
      ["b", "2"],
      ["b", "3"],
    ].map(([wanted = "", id = ""]) => ({ wanted, id }));
    assert.deepEqual(uniqueNames(all), ["a", "b-2", "b-3"]);
  });

  it("become variables that a module may have", () => {
    const named = ["in--", "_-dirname", "1st-x", "a.b-x", "a-b-x", "-.example"];
    const variables = variablesOf(named.map((wanted, index) => ({ wanted, id: String(index) })));
    assert.deepEqual(variables, [
      "in__",
      "user___dirname",
      "user_1st_x",
      "a_b_x_3",
      "a_b_x_4",
      "user___example",
    ]);
  });
});

describe("what cannot be declared", () => {
  const bare = { state: "enabled" as const, ownerId: undefined, flags: [] };
  const sizes = { currentBytes: 0, hmaxBytes: 0, hIntegralByteHours: 0, lastTsHours: 0 };
  const key = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: "secret" });

  it("is left out as narrowly as possible, and reported", () => {
    const userId = sixteen(1);
    const users = [
      { ...bare, emailAddress: "three@x.example", userId, accessKeys: ["A", "B", "C"].map(key) },
      {
        ...bare,
        emailAddress: "odd@x.example",
        userId: sixteen(2),
        accessKeys: [key("two words"), key("B")],
      },
      { ...bare, emailAddress: "no address", userId: sixteen(3), accessKeys: [] },
      { ...bare, emailAddress: "id@x.example", userId: "two words", accessKeys: [] },
    ];
    const buckets = ["-odd", "fine"].map((name) => ({
      name,
      ownerId: userId,
      creationDate: "",
      ...sizes,
    }));
    const { tenants, leftOut } = declare(users, buckets, []);
    assert.deepEqual(
      tenants.map((each) => [each.emailAddress, each.keys.length, each.buckets.length]),
      [
        ["odd@x.example", 1, 0],
        ["three@x.example", 0, 1],
      ],
    );
    assert.deepEqual(
      leftOut.map(({ what, why }) => `${what}: ${why.slice(0, 38)}`),
      [
        "bucket -odd of user three@x.example: a program cannot declare it: name must",
        "key two words of user odd@x.example: a program cannot declare it: adopt mus",
        "keys A, B, C of user three@x.example: a user can have 2 AccessKeys; revoke t",
        "user id@x.example (two words): a program cannot declare it: adopt mus",
        `user no address (${sixteen(3)}): a program cannot declare it: emailAddr`,
      ],
    );
  });
});

/** Without adopt the stand-in for a User has no id either. */
function withoutIds({ args: { adopt, user, owner, ...args }, ...more }: Declared) {
  return { ...more, args };
}

function complaints(files: string[]): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: { compilerOptions: Record<string, unknown> };
  };
  const { rootDir, ...given } = config.compilerOptions;
  const { options } = ts.convertCompilerOptionsFromJson(given, root);
  const unused = { noUnusedLocals: true, noUnusedParameters: true };
  const strictest = { ...options, ...unused, rootDir: parse(root).root, types: ["node"] };
  const program = ts.createProgram(files, strictest);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
