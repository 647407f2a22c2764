import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readTenants } from "../../../examples/tenants-from-csv/tenants";
import { unattended, useExample } from "../useExample";

const header = "name,emailAddress,state,keys,rotation";

describe("the example tenants-from-csv", () => {
  const used = useExample("examples/tenants-from-csv");
  let folder = "";
  const file = () => join(folder, "tenants.csv");
  const write = (...lines: string[]) => {
    writeFileSync(file(), [header, ...lines, ""].join("\n"));
  };
  const refused = (text: string): string => {
    writeFileSync(file(), text);
    try {
      readTenants(file());
    } catch (error) {
      return (error as Error).message;
    }
    return assert.fail("the file must be refused");
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-csv-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("creates the tenants of its file, with their keys", async () => {
    await used.pulumi("up", ...unattended);
    const users = used.emulator.cluster.users();
    const counts = users.map(({ emailAddress, state, accessKeys }) => [
      emailAddress,
      state,
      accessKeys.length,
    ]);
    assert.deepEqual(counts.sort(), [
      ["ops@acme.example", "enabled", 2],
      ["ops@globex.example", "disabled", 1],
      ["ops@hooli.example", "enabled", 0],
      ["ops@initech.example", "enabled", 1],
    ]);
    const { keys } = (await used.outputs()) as { keys: Record<string, object> };
    assert.deepEqual(
      Object.entries(keys).map(([name, byName]) => [name, Object.keys(byName)]),
      [
        ["acme", ["app", "backup"]],
        ["globex", ["app"]],
        ["hooli", []],
        ["initech", ["current"]],
      ],
    );
  });

  it("deletes no tenant whose line is missing", async () => {
    const lines = readFileSync(join(used.directory, "tenants.csv"), "utf8").trim().split("\n");
    write(...lines.slice(1, -1));
    await used.config("file", relative(used.directory, file()));
    await assert.rejects(used.pulumi("up", ...unattended), /is protected|protected/);
    assert.equal(used.emulator.cluster.users().length, 4);
  });

  it("reports an error without a stack trace, before any request", async () => {
    write("acme,ops@acme.example,on,,");
    used.emulator.clearRequests();
    const { message } = await used.pulumi("up", ...unattended).then(
      () => assert.fail("the run must fail"),
      (error: unknown) => error as Error,
    );
    assert.match(message, /tenants\.csv: 1 error, nothing was changed:\s+line 2: state must be/);
    assert.doesNotMatch(message, /^\s+at /m);
    assert.deepEqual(used.emulator.requests, []);
  });

  it("reports all errors, line by line", () => {
    const message = refused(
      [
        header,
        "acme,ops@acme.example,enabled,,",
        "globex,ops at globex,on,a b c,monthly",
        "acme,OPS@acme.example,enabled,app,30d",
        "initech,ops@initech.example",
        'hooli,"ops@hooli.example,enabled,,',
      ].join("\n"),
    );
    assert.match(message, /line 3: emailAddress must be an e-mail address, is "ops at globex"/);
    assert.match(message, /line 3: state must be enabled or disabled, is "on"/);
    assert.match(message, /line 3: keys must be at most two names, is "a b c"/);
    assert.match(message, /line 3: rotation must be a period such as 30d, or empty, is "monthly"/);
    assert.match(message, /line 4: name acme is already in line 2/);
    assert.match(message, /line 4: emailAddress ops@acme.example is already in line 2/);
    assert.match(message, /line 4: keys or rotation, not both/);
    assert.match(message, /line 5: /);
    assert.match(message, /line 6: /);
  });

  it("also reports conflicts between invalid lines, in the order of the file", () => {
    const message = refused(
      [
        header,
        "acme,ops@acme.example,on,app-x,30d",
        'globex,"ops@globex.example,enabled,,',
        "acme,ops@initech.example,enabled,,99999d",
        "acme-app,OPS@Acme.example,enabled,x,",
        "hooli,ops@hooli.example,enabled,,,",
        `umbrella,${"u".repeat(500)}@umbrella.example,enabled,,`,
        "wayne,ops\u001b[2J@wayne.example,enabled,,",
      ].join("\n"),
    );
    const lines = message.split("\n  ").slice(1);
    const numbers = lines.map((text) => Number(/^line (\d+): /.exec(text)?.[1]));
    assert.deepEqual(numbers, [2, 2, 3, 4, 4, 5, 5, 6, 7, 8]);
    assert.match(message, /line 2: keys or rotation, not both/);
    assert.match(message, /line 3: Quote Not Closed/);
    assert.match(message, /line 4: name acme is already in line 2/);
    assert.match(message, /line 4: rotation must be a period/);
    assert.match(message, /line 5: emailAddress ops@acme\.example is already in line 2/);
    assert.match(message, /line 5: key acme-app-x is already in line 2/);
    assert.match(message, /line 6: must have 5 columns, has 6/);
    assert.ok(!message.includes("\u001b") && lines.every((text) => text.length < 400), message);
  });

  it("refuses a file that cannot be read, or is not UTF-8, in one line", () => {
    const isReported = (error: unknown) =>
      pulumi.RunError.isInstance(error) &&
      /^read tenants from .*none\.csv: .*ENOENT.*; nothing was changed$/.test(error.message);
    assert.throws(() => readTenants(join(folder, "none.csv")), isReported);
    writeFileSync(
      file(),
      Buffer.from(`${header}\nacme,b\u00fccher@acme.example,enabled,,`, "latin1"),
    );
    assert.throws(() => readTenants(file()), /^Error: read tenants .*: it is not UTF-8; nothing/);
  });

  it("refuses a file with other columns, and accepts one of a spreadsheet", () => {
    assert.match(
      refused("address\nx@acme.example\n"),
      /line 1: must name the columns name,emailAddress/,
    );
    writeFileSync(file(), `\uFEFF${header}\r\n"acme",ops@acme.example,enabled,app,\r\n\r\n`);
    assert.deepEqual(readTenants(file()), [
      {
        name: "acme",
        emailAddress: "ops@acme.example",
        state: "enabled",
        keys: ["app"],
        rotation: undefined,
      },
    ]);
  });

  const acme = {
    name: "acme",
    emailAddress: "ops@acme.example",
    state: "enabled" as const,
    keys: ["app", "backup"],
    rotation: undefined,
  };
  const tables: Record<string, string> = {
    "a quoted header":
      '"name","emailAddress","state","keys","rotation"\r\n"acme","ops@acme.example","enabled","app backup",""\r\n',
    "empty rows at the end": `${header}\nacme,ops@acme.example,enabled,app backup,\n,,,,\n , ,,,\n\n`,
    "spaces after commas": `name, emailAddress, state, keys, rotation\nacme, ops@acme.example, enabled, "app backup", \n`,
    "columns in another order and case":
      "State,KEYS,Rotation,Email Address,name\nenabled,app backup,,ops@acme.example,acme\n",
    semicolons:
      "name;emailAddress;state;keys;rotation\nacme;ops@acme.example;enabled;app backup;\n",
    tabs: "name\temailAddress\tstate\tkeys\trotation\nacme\tops@acme.example\tenabled\tapp backup\t\n",
    "other columns, with line breaks":
      '\uFEFFname,note,emailAddress,state,keys,rotation,\r\nacme,"calls\r\nat, ""noon""",ops@acme.example,enabled,app backup,,\r\n',
    "a separator of Excel's":
      "sep=;\r\nname;emailAddress;state;keys;rotation\r\nacme;ops@acme.example;enabled;app backup;\r\n",
    "old line ends": `${header}\racme,ops@acme.example,enabled,app backup,\r`,
    "no line end after the last line": `${header}\nacme,ops@acme.example,enabled,app backup,`,
  };
  for (const [what, text] of Object.entries(tables)) {
    it(`accepts a table with ${what}`, () => {
      writeFileSync(file(), text);
      assert.deepEqual(readTenants(file()), [acme]);
    });
  }

  it("names the line of the file, regardless of the text before it", () => {
    const text = `sep=,\r\nname,note,emailAddress,state,keys,rotation\r\nacme,"a\r\nb",ops@acme.example,enabled,,\r\nglobex,"c\r\nd",ops@globex.example,on,,\r\n`;
    assert.match(refused(text), /line 5: state must be/);
  });

  it("refuses a column that is missing, misspelt or duplicate, and a cell of several lines", () => {
    const columns = /line 1: must name the columns name,emailAddress,state,keys,rotation/;
    for (const wrong of ["name,emailAddress,state,keys", `${header},Name`, `${header}s`]) {
      assert.match(refused(`${wrong}\nacme,ops@acme.example,enabled,,\n`), columns);
    }
    const swallowed = `${header}\nacme,ops@acme.example,enabled,"app\nglobex,ops@globex.example,enabled,app",\n`;
    assert.match(refused(swallowed), /line 2: keys must not contain a line break/);
  });
});
