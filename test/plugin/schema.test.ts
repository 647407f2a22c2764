import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { schema } from "../../provider/plugin/schema";
import type { Bag } from "../../provider/resources/lifecycle";
import { lifecycles } from "../../provider/resources/lifecycles";
import { settingNames } from "../../provider/settings/names";
import { resourceCalls, urnOf, usePlugin } from "./plugin";

/** The doc comments of a file's declarations and their members, without tags: `UserArgs.state`. */
function docsIn(file: string): Record<string, string | undefined> {
  const path = join(__dirname, "../..", file);
  const source = ts.createSourceFile(
    path,
    readFileSync(path, "utf8"),
    ts.ScriptTarget.ES2022,
    true,
  );
  const docs: Record<string, string | undefined> = {};
  const docOf = (node: ts.Node) => {
    const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
    const text = ts.getTextOfJSDocComment(comment);
    return text?.replace(/(?<!\n)\n(?!\n)/g, " ");
  };
  for (const node of source.statements) {
    if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) {
      const name = node.name?.text ?? "";
      docs[name] = docOf(node);
      for (const member of node.members) {
        if (member.name) docs[`${name}.${member.name.getText()}`] = docOf(member);
      }
    } else if (ts.isFunctionDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
      docs[node.name?.text ?? ""] = docOf(node);
    }
  }
  return docs;
}

interface Property {
  type?: string;
  $ref?: string;
  description?: string;
  default?: unknown;
  secret?: boolean;
}

const kinds = [
  { name: "User", lifecycle: lifecycles.user, file: "sdk/user.ts" },
  { name: "AccessKey", lifecycle: lifecycles.accessKey, file: "sdk/accessKey.ts" },
  { name: "RotatingAccessKey", lifecycle: lifecycles.rotation, file: "sdk/rotatingAccessKey.ts" },
  { name: "Bucket", lifecycle: lifecycles.bucket, file: "sdk/bucket.ts" },
] as const;

/** Inputs of life cycles that repeat what is secret, or name a user's id: the SDK sets them itself. */
const ownInputs = ["userId", "emailAddress", "ownerId"];

for (const { name, lifecycle, file } of kinds) {
  describe(`the schema of ${name}`, () => {
    const resource = schema.resources[`ostor:index:${name}`];
    const inputs: Record<string, Property> = resource.inputProperties;
    const outputs: Record<string, Property> = resource.properties;
    const docs = docsIn(file);

    it("has the inputs of the life cycle, without adopt", () => {
      const [failure] = lifecycle.check({ "": 1 }).failures;
      const known = /known are (.*)$/.exec(failure?.reason ?? "")?.[1]?.split(", ") ?? [];
      assert(known.length > 1);
      assert.deepEqual(Object.keys(inputs).sort(), known.filter((each) => each !== "adopt").sort());
    });

    it("has the defaults of the life cycle", () => {
      const given = { emailAddress: "a@b.example", user: "a@b.example", name: "a" };
      const needed = Object.fromEntries(resource.requiredInputs.map((each) => [each, given[each]]));
      const { inputs: filled } = lifecycle.check(needed);
      for (const [property, { default: value }] of Object.entries(inputs)) {
        if (property in needed) continue;
        assert.equal(value, filled[property], property);
      }
    });

    it("requires what the life cycle requires", () => {
      const missing = lifecycle
        .check({})
        .failures.flatMap(({ reason }) => /^(\w+) is missing/.exec(reason)?.[1] ?? []);
      assert.deepEqual([...resource.requiredInputs], missing);
    });

    it("has the descriptions of the SDK", () => {
      assert.equal(resource.description, docs[name]);
      for (const [property, { description }] of Object.entries(inputs)) {
        const documented = docs[`${name}Args.${property}`];
        if (documented === undefined) {
          assert(ownInputs.includes(property), property);
          assert(description);
        } else assert.equal(description, documented, property);
      }
      for (const [property, { description }] of Object.entries(outputs)) {
        assert(`${name}.${property}` in docs, property);
        assert.equal(description, docs[`${name}.${property}`], property);
      }
    });

    it("has the alias of the dynamic provider", () => {
      assert.deepEqual(resource.aliases, [{ type: `pulumi-nodejs:dynamic/ostor:${name}` }]);
    });
  });
}

describe("the outputs of the schema", () => {
  const plugin = usePlugin();

  it("are those of the life cycles", async () => {
    const run = resourceCalls(plugin);
    const { cluster } = plugin.emulator;
    const create = async (type: string, given: Bag) => {
      const { inputs } = await run.check(urnOf(type), given);
      return run.create(urnOf(type), inputs);
    };
    const user = await create("User", { emailAddress: "a@b.example", createAccessKey: true });
    const key = await create("AccessKey", { user: "a@b.example", keepers: { a: "1" } });
    await create("User", { emailAddress: "c@b.example" });
    const rotation = await create("RotatingAccessKey", { user: "c@b.example", generation: 0 });
    const rotated = await run.update(urnOf("RotatingAccessKey"), rotation.id, rotation.state, {
      user: "c@b.example",
      generation: 1,
    });
    const every = await run.update(urnOf("RotatingAccessKey"), rotation.id, rotated, {
      user: "c@b.example",
      every: "30d",
    });
    cluster.createBucket("inventory", "a@b.example");
    const bucket = await create("Bucket", { name: "inventory", owner: "a@b.example" });
    const states = {
      User: user.state,
      AccessKey: key.state,
      RotatingAccessKey: { ...rotated, ...every },
      Bucket: bucket.state,
    };
    for (const { name } of kinds) {
      const { properties, required } = schema.resources[`ostor:index:${name}`];
      assert.deepEqual(Object.keys(states[name]).sort(), Object.keys(properties).sort(), name);
      for (const each of required) assert(each in states[name], each);
      const secrets = Object.entries<Property>(properties).filter(([, each]) => each.secret);
      assert.deepEqual(
        secrets.map(([property]) => property),
        Object.keys(properties).filter((property) => property.endsWith("ecretAccessKey")),
      );
    }
  });
});

describe("the settings of the schema", () => {
  const { variables } = schema.config;

  it("are all settings, for configuration and explicit providers", () => {
    assert.deepEqual(Object.keys(variables).sort(), [...settingNames].sort());
    assert.equal(schema.provider.inputProperties, variables);
  });

  it("have the descriptions of the SDK", () => {
    const docs = docsIn("sdk/provider.ts");
    for (const [name, { description }] of Object.entries<Property>(variables)) {
      assert.equal(description, docs[`ProviderArgs.${name}`], name);
    }
  });
});

describe("the functions of the schema", () => {
  const results = docsIn("provider/resources/lookup.ts");
  const docs = { ...docsIn("sdk/getUser.ts"), ...docsIn("sdk/getBucket.ts") };

  it("have the descriptions of the SDK", () => {
    for (const [token, { description }] of Object.entries(schema.functions)) {
      const documented = docs[token.replace("ostor:index:", "")];
      assert(documented?.startsWith(description), token);
    }
  });

  it("return what is documented", () => {
    for (const name of ["UserResult", "BucketResult"] as const) {
      const { description, properties } = schema.types[`ostor:index:${name}`];
      assert.equal(description, results[name]);
      const documented = Object.keys(results).filter((each) => each.startsWith(`${name}.`));
      assert.deepEqual(
        documented,
        Object.keys(properties).map((each) => `${name}.${each}`),
      );
      for (const [property, each] of Object.entries<Property>(properties)) {
        assert.equal(each.description, results[`${name}.${property}`], property);
      }
    }
  });
});

describe("all references of the schema", () => {
  it("name a type of it", () => {
    const found = [...JSON.stringify(schema).matchAll(/"#\/types\/([^"]+)"/g)].map(
      ([, type]) => type,
    );
    assert(found.length >= 4);
    for (const type of found) assert(type !== undefined && type in schema.types, type);
  });
});
