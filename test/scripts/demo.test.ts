import assert from "node:assert/strict";
import { join } from "node:path";

import { withPlace, writeScript } from "./fakes";

const urnOf = (type: string, name: string) => `urn:pulumi:demo::project::${type}::${name}`;

function step(op: string, resource: string, name: string, states: object = {}): object {
  const type = resource.includes(":") ? resource : `pulumi-nodejs:dynamic/ostor:${resource}`;
  return { resourcePreEvent: { metadata: { op, type, urn: urnOf(type, name), ...states } } };
}

const note = (severity: string, message: string) => ({ diagnosticEvent: { severity, message } });

async function findings(...events: object[]): Promise<string[]> {
  const { findingsIn } = await import("../../scripts/demo/findings.mjs");
  return findingsIn(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

describe("the demo's findings", () => {
  it("group what was created and deleted by type", async () => {
    const lines = await findings(
      step("create", "pulumi:pulumi:Stack", "stack"),
      step("create", "User", "globex"),
      step("create", "User", "acme"),
      step("delete", "AccessKey", "acme-web"),
    );
    assert.deepEqual(lines, ["+ created  User acme, globex", "- deleted  AccessKey acme-web"]);
  });

  it("contain the values that an update changes", async () => {
    const states = {
      old: { inputs: { emailAddress: "a@a.example", state: "disabled" } },
      new: { inputs: { emailAddress: "a@a.example", state: "enabled" } },
    };
    assert.deepEqual(await findings(step("update", "User", "acme", states)), [
      '~ updated  User acme: state "disabled" => "enabled"',
    ]);
  });

  it("are of the last run in the log, with its messages", async () => {
    const lines = await findings(
      { preludeEvent: {} },
      step("create", "User", "acme"),
      { preludeEvent: {} },
      note("debug", "internal"),
      step("delete", "Bucket", "inventory"),
      note("info", "<{%reset%}>kept<{%reset%}>\n\n"),
    );
    assert.deepEqual(lines, ["- deleted  Bucket inventory", "kept"]);
  });

  it("report a run without changes", async () => {
    const lines = await findings(step("same", "User", "acme"), step("refresh", "User", "acme"));
    assert.deepEqual(lines, ["no changes"]);
  });
});

describe("a command of the demo that fails", () => {
  it("is reported with its whole output", async () => {
    await withPlace(async ({ bin }) => {
      const { Workspace } = await import("../../scripts/demo/workspace.mjs");
      const pulumi = join(bin, "pulumi");
      await writeScript(pulumi, "echo first line; echo last line >&2; exit 255");
      const engine = { pulumi, path: bin, source: "PATH" as const, version: "3.259.0" };
      const workspace = await Workspace.create(process.cwd(), engine, false);
      try {
        await assert.rejects(workspace.configure({ plain: {}, secret: {} }), {
          message:
            "first line\nlast line\nThe demo failed: the exit code of the last command is 255 instead of 0.",
        });
      } finally {
        await workspace.remove();
      }
    });
  });
});
