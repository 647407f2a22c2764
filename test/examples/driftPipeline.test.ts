import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { useCheckout } from "./checkout";
import { githubPipeline, gitlabPipeline, type Pipeline } from "./pipelines";

describe("the example drift-pipeline", function () {
  this.timeout(300_000);
  const used = useCheckout("examples/drift-pipeline", "production");
  const states = () =>
    used.emulator.cluster
      .users()
      .map(({ emailAddress, state }) => `${emailAddress} ${state}`)
      .sort();
  const declared = ["acme@storage.example enabled", "initech@storage.example disabled"];
  const row = "| `user initech@storage.example` | `state` | `disabled` | `enabled` |\n";

  const services: [string, () => Pipeline, string, () => string][] = [
    [
      "GitHub Actions",
      () => githubPipeline(used.directory, used.secrets),
      "pull_request",
      () => used.summary,
    ],
    [
      "GitLab",
      () => gitlabPipeline(used.directory, used.secrets),
      "merge_request_event",
      () => join(used.directory, "drift.md"),
    ],
  ];
  for (const [service, pipeline, changeRequest, file] of services) {
    describe(`on ${service}, its commands run as they are written`, () => {
      const on = (event: string) => used.pipeline(pipeline()(event));
      const look = async () => {
        rmSync(file(), { force: true });
        const { code, output } = await on("schedule");
        return { code, output, page: readFileSync(file(), "utf8") };
      };

      it("previews a change request, and changes nothing", async () => {
        const before = states();
        const { code, output } = await on(changeRequest);
        assert.equal(code, 0, output.slice(-2000));
        assert.match(output, /Previewing update \(production\)/);
        assert.deepEqual(states(), before);
      });

      it("makes it so when it is merged", async () => {
        const { code, output } = await on("push");
        assert.equal(code, 0, output.slice(-2000));
        assert.deepEqual(states(), declared);
      });

      it("finds no drift, and says so", async () => {
        const { code, output, page } = await look();
        assert.equal(code, 0, output.slice(-2000));
        assert.equal(
          page,
          "## No drift: 3 resources of stack production compared with the cluster\n",
        );
      });

      it("fails with 7 when somebody let a tenant in, after showing who; changes nothing", async () => {
        used.emulator.cluster.setUserState("initech@storage.example", "enabled");
        const { code, output, page } = await look();
        assert.equal(code, 7, output.slice(-2000));
        assert.ok(page.startsWith("## Drift: 1 difference;") && page.includes(row), page);
        assert.ok(states().includes("initech@storage.example enabled"));
      });

      it("fails in another way when the comparison itself fails, and says why", async () => {
        await used.emulator.stop();
        const { code, page } = await look();
        await used.emulator.start();
        assert.equal(code, 1);
        assert.match(
          page,
          /^## Whether there is drift is not known: the run failed: read user [^\n]*no answer from/,
        );
      });

      it("is repaired by the job of a merge", async () => {
        assert.equal((await on("push")).code, 0);
        assert.deepEqual(states(), declared);
      });
    });
  }
});
