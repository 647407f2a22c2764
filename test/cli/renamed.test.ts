import assert from "node:assert/strict";
import { readEventLog } from "../../cli/drift/eventLog";
import { reportOf } from "../../cli/drift/report";

const dynamic = "pulumi-nodejs:dynamic/ostor:";
/** As declared by hand, and as a child of the Tenant that the program declares by now. */
const byHand = (kind: string, name = "a") => `urn:pulumi:dev::p::${dynamic}${kind}::${name}`;
const inTenant = (kind: string, name = "a") =>
  `urn:pulumi:dev::p::ostor:index:Tenant$${dynamic}${kind}::${name}`;

type Logged = object | null | undefined;

function state(urn: string, inputs: object) {
  return { urn, id: "i", inputs, outputs: inputs };
}

function step(op: string, urn: string, old: Logged, next: Logged) {
  const type = urn.split("::")[2]?.split("$").at(-1);
  return { op, urn, type, old, new: next };
}

function refresh(urn: string, inputs: object, found: object | null) {
  const old = state(urn, inputs);
  const next = found && state(urn, found);
  return [
    { resourcePreEvent: { metadata: step("refresh", urn, old, old) } },
    { resOutputsEvent: { metadata: step(next ? "refresh" : "delete", urn, old, next) } },
  ];
}

function planned(op: string, urn: string, old: Logged, next: Logged) {
  return [{ resourcePreEvent: { metadata: step(op, urn, old, next) } }];
}

/** What a preview with these steps tells: its result, and kind, name, property, declared and found of each row. */
function told(...events: object[]) {
  const summaryEvent = { isPreview: true, result: "succeeded", resourceChanges: {} };
  const all = [{ preludeEvent: {} }, ...events, { summaryEvent }];
  const lines = all.map((event, sequence) => JSON.stringify({ sequence, ...event }));
  const { result, drift, pending } = reportOf(readEventLog(lines.join("\n")));
  const rows = (of: typeof drift) =>
    of.map((row) => [row.kind, row.name, row.property, row.declared, row.found].join(" "));
  return { result, drift: rows(drift), pending: rows(pending) };
}

const enabled = { emailAddress: "a@x.example", state: "enabled" };
const disabled = { ...enabled, state: "disabled" };
const goneUser = refresh(byHand("User"), enabled, null);
const newUser = planned("create", inTenant("User"), undefined, state(inTenant("User"), enabled));

describe("pulumi-ostor drift of a user who became a Tenant's in the program", () => {
  it("tells as drift, once, that somebody deleted the user", () => {
    assert.deepEqual(told(...goneUser, ...newUser), {
      result: "differs",
      drift: ["user a exists yes no"],
      pending: [],
    });
  });

  it("tells as drift that somebody deleted the user and its key, by whatever name they come", () => {
    const user = "a@x.example";
    const next = { user: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const key = inTenant("AccessKey", "b-app");
    const { drift, pending } = told(
      ...goneUser,
      ...refresh(byHand("AccessKey", "a-app"), { user, accessKeyId: "AK1" }, null),
      ...newUser,
      ...planned("create", key, undefined, state(key, next)),
    );
    assert.deepEqual(drift, ["key a-app exists yes no", "user a exists yes no"]);
    assert.deepEqual(pending, ["key b-app exists yes no"]);
  });

  it("tells no drift of a user who is as declared", () => {
    const same = planned(
      "same",
      inTenant("User"),
      state(byHand("User"), enabled),
      state(inTenant("User"), enabled),
    );
    const nothing = { result: "same", drift: [], pending: [] };
    assert.deepEqual(told(...refresh(byHand("User"), enabled, enabled), ...same), nothing);
  });

  it("tells as drift what somebody changed of the user, and as pending what the program did", () => {
    const change = (old: object, next: object) =>
      planned(
        "update",
        inTenant("User"),
        state(byHand("User"), old),
        state(inTenant("User"), next),
      );
    assert.deepEqual(
      told(...refresh(byHand("User"), enabled, disabled), ...change(disabled, enabled)),
      { result: "differs", drift: ["user a state enabled disabled"], pending: [] },
    );
    assert.deepEqual(
      told(...refresh(byHand("User"), enabled, enabled), ...change(enabled, disabled)),
      { result: "differs", drift: [], pending: ["user a state disabled enabled"] },
    );
  });

  it("tells as drift that somebody revoked a pair of its rotating keys", () => {
    const [before, found] = [
      { accessKeyId: "AK2", previousAccessKeyId: "AK1" },
      { accessKeyId: "AK2" },
    ];
    const kind = "RotatingAccessKey";
    const declared = { user: "a@x.example", every: "30d" };
    const stored = { ...state(byHand(kind), declared), outputs: before };
    const left = { ...stored, outputs: found };
    const { drift } = told(
      { resourcePreEvent: { metadata: step("refresh", byHand(kind), stored, stored) } },
      { resOutputsEvent: { metadata: step("update", byHand(kind), stored, left) } },
      ...planned("update", inTenant(kind), left, state(inTenant(kind), declared)),
    );
    assert.deepEqual(drift, ["key a previousAccessKeyId AK1 (revoked)"]);
  });

  it("still doesn't know where the run didn't ask the cluster", () => {
    const same = planned("same", inTenant("User"), state(byHand("User"), enabled), enabled);
    assert.equal(told(...same).result, "unknown");
  });
});

describe("pulumi-ostor drift of what is gone from the cluster", () => {
  it("tells it once where its URN is the same as before", () => {
    const { drift, pending } = told(
      ...goneUser,
      ...planned("create", byHand("User"), undefined, state(byHand("User"), enabled)),
    );
    assert.deepEqual([drift, pending], [["user a exists yes no"], []]);
  });

  it("tells it though what waits for its deletion has the same URN", () => {
    const waiting = { ...state(byHand("User"), enabled), delete: true };
    const { drift } = told(
      ...goneUser,
      ...newUser,
      ...planned("delete", byHand("User"), waiting, null),
    );
    assert.deepEqual(drift, ["user a exists yes no"]);
  });

  it("tells no drift of what the program doesn't declare any more either", () => {
    const bucket = planned("create", byHand("Bucket", "a"), undefined, {
      inputs: { name: "logs" },
    });
    assert.deepEqual(told(...goneUser, ...bucket).drift, []);
  });
});
