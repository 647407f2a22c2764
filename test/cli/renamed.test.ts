import assert from "node:assert/strict";
import { readEventLog } from "../../cli/drift/eventLog";
import { reportOf } from "../../cli/drift/report";

const dynamic = "pulumi-nodejs:dynamic/ostor:";
/** The URN of a resource outside and inside of a Tenant. */
const alone = (kind: string, name = "a") => `urn:pulumi:dev::p::${dynamic}${kind}::${name}`;
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

/** The report on a preview with these steps: its result, and kind, name, property, declared and found of each row. */
function reported(...events: object[]) {
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
const deletedUser = refresh(alone("User"), enabled, null);
const newUser = planned("create", inTenant("User"), undefined, state(inTenant("User"), enabled));

describe("pulumi-ostor drift of a user that the program moves into a Tenant", () => {
  it("reports once as drift that someone deleted the user", () => {
    assert.deepEqual(reported(...deletedUser, ...newUser), {
      result: "differs",
      drift: ["user a exists yes no"],
      pending: [],
    });
  });

  it("reports as drift that someone deleted the user and its key, whatever their new names are", () => {
    const user = "a@x.example";
    const next = { user: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    const key = inTenant("AccessKey", "b-app");
    const { drift, pending } = reported(
      ...deletedUser,
      ...refresh(alone("AccessKey", "a-app"), { user, accessKeyId: "AK1" }, null),
      ...newUser,
      ...planned("create", key, undefined, state(key, next)),
    );
    assert.deepEqual(drift, ["key a-app exists yes no", "user a exists yes no"]);
    assert.deepEqual(pending, ["key b-app exists yes no"]);
  });

  it("reports no drift of a user that is as declared", () => {
    const same = planned(
      "same",
      inTenant("User"),
      state(alone("User"), enabled),
      state(inTenant("User"), enabled),
    );
    const nothing = { result: "same", drift: [], pending: [] };
    assert.deepEqual(reported(...refresh(alone("User"), enabled, enabled), ...same), nothing);
  });

  it("reports as drift what someone changed, and as pending what the program changed", () => {
    const change = (old: object, next: object) =>
      planned("update", inTenant("User"), state(alone("User"), old), state(inTenant("User"), next));
    assert.deepEqual(
      reported(...refresh(alone("User"), enabled, disabled), ...change(disabled, enabled)),
      { result: "differs", drift: ["user a state enabled disabled"], pending: [] },
    );
    assert.deepEqual(
      reported(...refresh(alone("User"), enabled, enabled), ...change(enabled, disabled)),
      { result: "differs", drift: [], pending: ["user a state disabled enabled"] },
    );
  });

  it("reports as drift that someone revoked one of its rotating keys", () => {
    const [before, found] = [
      { accessKeyId: "AK2", previousAccessKeyId: "AK1" },
      { accessKeyId: "AK2" },
    ];
    const kind = "RotatingAccessKey";
    const declared = { user: "a@x.example", every: "30d" };
    const stored = { ...state(alone(kind), declared), outputs: before };
    const left = { ...stored, outputs: found };
    const { drift } = reported(
      { resourcePreEvent: { metadata: step("refresh", alone(kind), stored, stored) } },
      { resOutputsEvent: { metadata: step("update", alone(kind), stored, left) } },
      ...planned("update", inTenant(kind), left, state(inTenant(kind), declared)),
    );
    assert.deepEqual(drift, ["key a previousAccessKeyId AK1 (revoked)"]);
  });

  it("is unknown if the run did not read the cluster", () => {
    const same = planned("same", inTenant("User"), state(alone("User"), enabled), enabled);
    assert.equal(reported(...same).result, "unknown");
  });
});

describe("pulumi-ostor drift of what does not exist any more", () => {
  it("is reported once if its URN is the same as before", () => {
    const { drift, pending } = reported(
      ...deletedUser,
      ...planned("create", alone("User"), undefined, state(alone("User"), enabled)),
    );
    assert.deepEqual([drift, pending], [["user a exists yes no"], []]);
  });

  it("is reported although a resource whose deletion is pending has the same URN", () => {
    const waiting = { ...state(alone("User"), enabled), delete: true };
    const { drift } = reported(
      ...deletedUser,
      ...newUser,
      ...planned("delete", alone("User"), waiting, null),
    );
    assert.deepEqual(drift, ["user a exists yes no"]);
  });

  it("is not reported if the program does not declare the resource any more", () => {
    const bucket = planned("create", alone("Bucket", "a"), undefined, {
      inputs: { name: "logs" },
    });
    assert.deepEqual(reported(...deletedUser, ...bucket).drift, []);
  });
});
