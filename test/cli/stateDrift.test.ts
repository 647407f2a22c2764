import assert from "node:assert/strict";
import type { ClusterOptions } from "../../provider/cluster/cluster";
import { startProxy } from "../faults/proxy";
import { createClock } from "../provider/harness";
import { withCluster } from "./exportPlace";
import { stateOf, usePlace } from "./place";
import { resource, rows, tenantIn, type Printed } from "./statePlace";

describe("pulumi-ostor drift without a file", function () {
  this.timeout(60_000);
  const place = usePlace();
  const drift = async (clusterOptions?: ClusterOptions) => {
    const words = ["drift", "--json", "--stack", "selected"];
    const { code, stdout } = await place.run(words, {}, clusterOptions);
    return { code, report: JSON.parse(stdout) as Printed };
  };

  it("prints no drift, changes nothing, and says what it does not compare", async () => {
    place.states["selected"] = stateOf(tenantIn(place, "a@x.example").resources);
    const { code, stdout } = await place.run(["drift", "--stack", "selected"]);
    assert.equal(
      stdout,
      `No drift: 2 resources of stack selected compared with the cluster

This compares the cluster with the state of the stack. To compare it with the program too, run: pulumi preview --refresh --expect-no-changes --stack selected
`,
    );
    assert.equal(code, 0);
    assert.deepEqual(place.written(), []);
  });

  it("finds each kind of drift, in both families of types, and ends with 7", async () => {
    const { cluster } = place.emulator;
    const names = ["deleted", "again", "off", "own", "key", "rotated", "fine", "fine2", "fine3"];
    const all = names.map((name, index) =>
      tenantIn(place, `${name}@x.example`, { family: index % 2 ? "plugin" : "dynamic" }),
    );
    const [, , , own, key, rotated] = all;
    const ownUser = own?.resources[0];
    Object.assign(ownUser?.outputs ?? {}, { createAccessKey: true, accessKeyId: own?.accessKeyId });
    const previous = cluster.generateKey("rotated@x.example").accessKeyId;
    const rotation = resource("RotatingAccessKey", rotated?.userId ?? "", {
      emailAddress: "rotated@x.example",
      userId: rotated?.userId,
      accessKeyId: rotated?.accessKeyId,
      previousAccessKeyId: previous,
      rotatedAt: "2026-01-01T00:00:00.000Z",
    });
    const bucket = (name: string) => {
      cluster.createBucket(name, "fine@x.example");
      const { ownerId, creationDate } = cluster.buckets().find((each) => each.name === name) ?? {};
      return resource("Bucket", name, { name, ownerId, creationDate });
    };
    const buckets = ["gone", "given", "kept"].map(bucket);
    const resources = all.flatMap((each) => each.resources);
    place.states["selected"] = stateOf([
      ...resources.filter(
        (each) => each.id !== rotated?.accessKeyId && each.id !== own?.accessKeyId,
      ),
      ...[rotation, ...buckets],
    ]);
    assert.equal((await drift()).report.result, "same");
    cluster.deleteUser("deleted@x.example");
    cluster.deleteUser("again@x.example");
    const again = cluster.createUser("again@x.example");
    cluster.setUserState("off@x.example", "disabled");
    cluster.revokeKey(own?.accessKeyId ?? "");
    cluster.revokeKey(key?.accessKeyId ?? "");
    cluster.revokeKey(rotated?.accessKeyId ?? "");
    cluster.revokeKey(previous);
    cluster.deleteBucket("gone");
    cluster.setBucketOwner("given", "fine2@x.example");
    const { code, report } = await drift();
    assert.deepEqual(rows(report).sort(), [
      "bucket  exists yes no",
      "bucket  exists yes no",
      "key again@x.example exists yes no",
      "key deleted@x.example exists yes no",
      "key key@x.example exists yes no",
      `key rotated@x.example accessKeyId ${rotated?.accessKeyId ?? ""} (revoked)`,
      `key rotated@x.example previousAccessKeyId ${previous} (revoked)`,
      "user again@x.example exists yes no",
      "user deleted@x.example exists yes no",
      "user off@x.example state enabled disabled",
      "user own@x.example createAccessKey true false",
    ]);
    assert.deepEqual([code, report.result], [7, "differs"]);
    assert(
      report.notes.some((note) => note.includes(`with the id ${again.userId}`)),
      report.notes.join("\n"),
    );
  });

  it("does not list what the program ignores", async () => {
    const { resources, accessKeyId } = tenantIn(place, "a@x.example");
    const [user, ...keys] = resources;
    const own = { createAccessKey: true, accessKeyId, flags: ["trial"] };
    const outputs = { ...user?.outputs, ...own };
    place.emulator.cluster.setUserState("a@x.example", "disabled");
    const kept = tenantIn(place, "b@x.example").resources;
    const rowsWith = async (ignoreChanges: string[]) => {
      place.states["selected"] = stateOf([{ ...user, outputs, ignoreChanges }, ...keys, ...kept]);
      const { report, code } = await drift();
      return [code, ...rows(report).map((row) => row.split(" ")[2])];
    };
    assert.deepEqual(await rowsWith(["state", "flags[0]"]), [0]);
    assert.deepEqual(await rowsWith([`["state"]`]), [7, "flags"]);
    assert.deepEqual(await rowsWith(["*"]), [0]);
    place.emulator.cluster.revokeKey(accessKeyId);
    assert.deepEqual(await rowsWith(["state", "createAccessKey"]), [7, "exists", "flags"]);
  });

  it("finds flags that differ", async () => {
    const { resources } = tenantIn(place, "a@x.example");
    const [user] = resources;
    Object.assign(user?.outputs ?? {}, { flags: ["trial"] });
    place.states["selected"] = stateOf(resources);
    const { report } = await drift();
    assert.deepEqual(rows(report), ["user a@x.example flags trial (none)"]);
  });

  const olderLists: [string, (list: string, accessKeyId: string) => string][] = [
    ["state", (list) => list.replaceAll('"enabled"', '"disabled"')],
    ["keys", (list, accessKeyId) => list.replaceAll(accessKeyId, "AKIAOLDER")],
  ];
  for (const [what, change] of olderLists) {
    it(`reads a user again whose ${what} the list shows differently`, async () => {
      const assumptions = { checkAddresses: false, listKeys: true };
      await withCluster(place, { assumptions }, async (emulator) => {
        const add = (index: number) => tenantIn({ ...place, emulator }, `${index}@x.example`);
        // Few users are not listed, but read one by one.
        const all = Array.from({ length: 20 }, (_, index) => add(index));
        place.states["selected"] = stateOf(all.flatMap(({ resources }) => resources));
        const accessKeyId = all[0]?.accessKeyId ?? "";
        const proxy = await startProxy(emulator.endpoint);
        await proxy.follow({
          handle: async (exchange) => {
            const answer = await exchange.forward();
            const body = change(answer.body, accessKeyId);
            const isChanged = exchange.kind === "listUsers" && body !== answer.body;
            exchange.reply(isChanged ? { ...answer, body } : answer);
          },
        });
        place.config["ostor:endpoint"] = { value: proxy.endpoint };
        const { code, report } = await drift().finally(() => proxy.close());
        assert.deepEqual([code, report.result], [0, "same"]);
        assert.equal(proxy.passed.filter(({ isIntact }) => !isIntact).length, 1);
      });
    });
  }

  for (const kind of ["user", "bucket"]) {
    it(`does not take a ${kind} for deleted that reads do not show yet`, async () => {
      const clock = createClock();
      const options = { clock: clock.now, assumptions: { checkAddresses: false, lagMs: 4000 } };
      await withCluster(place, options, async (emulator) => {
        const { resources } = tenantIn({ ...place, emulator }, "a@x.example");
        emulator.cluster.createBucket("data", "a@x.example");
        const [{ ownerId, creationDate } = {}] = emulator.cluster.buckets();
        const bucket = resource("Bucket", "data", { name: "data", ownerId, creationDate });
        // One kind at a time: the wait for one makes the reads of the other late enough.
        place.states["selected"] = stateOf(kind === "user" ? resources : [bucket]);
        const before = clock.now();
        const { code, report } = await drift({ clock });
        assert.deepEqual([code, report.result], [0, "same"]);
        assert(clock.now() > before, "no read was stale");
      });
    });
  }
});
