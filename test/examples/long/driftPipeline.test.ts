import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../../docs/markdown";
import { useCheckout } from "../checkout";
import { githubPipeline, gitlabPipeline, type Pipeline } from "../pipelines";

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
    describe(`on ${service}, with its commands as they are written`, () => {
      const on = (event: string) => used.pipeline(pipeline()(event));
      const compare = async () => {
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

      it("applies a change request when it is merged", async () => {
        const { code, output } = await on("push");
        assert.equal(code, 0, output.slice(-2000));
        assert.deepEqual(states(), declared);
      });

      it("reports that there is no drift", async () => {
        const { code, output, page } = await compare();
        assert.equal(code, 0, output.slice(-2000));
        assert.match(
          page,
          /^## No drift: 3 resources of stack production compared with the cluster\n\n[^\n]+\n$/,
        );
      });

      it("fails with 7 when someone enabled a tenant, reports which one, and changes nothing", async () => {
        used.emulator.cluster.setUserState("initech@storage.example", "enabled");
        const { code, output, page } = await compare();
        assert.equal(code, 7, output.slice(-2000));
        assert.ok(page.startsWith("## Drift: 1 difference;") && page.includes(row), page);
        assert.ok(states().includes("initech@storage.example enabled"));
      });

      it("fails with another code when the comparison itself fails, and reports why", async () => {
        await used.emulator.stop();
        const { code, page } = await compare();
        await used.emulator.start();
        assert.equal(code, 1);
        assert.match(page, /^## Drift is not known: (read user|list users)[^\n]*no answer from/);
      });

      it("is fixed by the job of a merge", async () => {
        assert.equal((await on("push")).code, 0);
        assert.deepEqual(states(), declared);
      });
    });
  }

  describe("from cron, with its line as it is written", () => {
    const [, line = ""] =
      /^ *17 \* \* \* \* (.+)$/m.exec(
        readFileSync(join(root, "examples/drift-pipeline/README.md"), "utf8"),
      ) ?? [];
    const compare = (passphrase = used.secrets["PULUMI_CONFIG_PASSPHRASE"]) => {
      const HOME = dirname(used.directory);
      const own = { ...used.secrets, PULUMI_STACK: "production" };
      const variables = Object.entries({ ...own, PULUMI_CONFIG_PASSPHRASE: passphrase });
      const exports = variables.map(([name, value]) => `export ${name}='${value ?? ""}'\n`);
      writeFileSync(join(HOME, ".tenants-env"), exports.join(""));
      const text = line.replace("/srv/tenants", used.directory);
      return used.pipeline([
        {
          bash: [],
          text,
          environment: { HOME, NPM_CONFIG_UPDATE_NOTIFIER: "false" },
        },
      ]);
    };

    it("prints nothing while nothing differs, and the table when something does", async () => {
      assert.deepEqual(await compare(), { code: 0, output: "" });
      used.emulator.cluster.setUserState("initech@storage.example", "enabled");
      assert.match(
        (await compare()).output,
        /^Drift: 1 difference;[^]*\nuser initech@storage\.example /,
      );
    });

    it("prints why drift is not known", async () => {
      const { output } = await compare("wrong");
      assert.match(output, /^pulumi-ostor: Drift is not known: .*incorrect passphrase/);
    });
  });
});
