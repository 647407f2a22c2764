import assert from "node:assert/strict";
import type { ApiUser } from "../../provider/api/schemas";
import { createRoster } from "../../provider/roster";
import { failureOf } from "./cluster";

const user = (emailAddress: string, userId: string): ApiUser => ({
  emailAddress,
  userId,
  state: "enabled",
  ownerId: undefined,
  flags: [],
  accessKeys: [],
});
const ops = user("ops@acme.example", "0000000000000001");
const dev = user("dev@acme.example", "0000000000000002");

/** A roster whose list is answered from a script: what is an Error is thrown. */
function scripted(...answers: (ApiUser[] | Error)[]) {
  let asked = 0;
  const roster = createRoster(() => {
    const answer = answers[asked++] ?? assert.fail("asked once more than scripted");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { roster, asked: () => asked };
}

describe("a roster", () => {
  it("asks for the list once, whoever asks and when", async () => {
    const { roster, asked } = scripted([ops]);
    const answers = [roster.holds(ops.emailAddress), roster.holds(dev.emailAddress)];
    assert.deepEqual(await Promise.all(answers), [true, false]);
    assert.equal(await roster.holds(ops.emailAddress), true);
    assert.deepEqual([roster.knows(ops.userId), roster.knows(dev.userId)], [true, false]);
    assert.equal(asked(), 1);
  });

  it("passes the failure of a list on, and asks again", async () => {
    const failure = new Error("no list");
    const { roster, asked } = scripted(failure, [ops]);
    assert.equal(await failureOf(roster.holds(ops.emailAddress)), failure);
    assert.equal(await roster.holds(ops.emailAddress), true);
    assert.equal(asked(), 2);
  });

  it("knows whom the run made since", async () => {
    const { roster } = scripted([]);
    await roster.holds(ops.emailAddress);
    roster.add(ops);
    assert.equal(await roster.holds(ops.emailAddress), true);
    assert(roster.knows(ops.userId));
  });

  it("forgets whom the run deleted, also where the list is late", async () => {
    const { roster } = scripted([ops, dev]);
    roster.drop(ops.emailAddress, ops.userId);
    assert.equal(await roster.holds(ops.emailAddress), false);
    assert.equal(roster.knows(ops.userId), false);
    assert(roster.hasDropped(ops.userId));
    roster.drop(dev.emailAddress, dev.userId);
    assert.equal(await roster.holds(dev.emailAddress), false);
  });

  it("knows a user again whom the run made anew under its id", async () => {
    const { roster } = scripted([]);
    roster.drop(ops.emailAddress, ops.userId);
    roster.add(ops);
    assert.equal(roster.hasDropped(ops.userId), false);
    assert.equal(await roster.holds(ops.emailAddress), true);
  });

  it("takes addresses that differ in case for two: the service may", async () => {
    const { roster } = scripted([ops]);
    assert.equal(await roster.holds("Ops@acme.example"), false);
  });
});
