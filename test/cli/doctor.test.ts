import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator";
import { findingLine } from "../../cli/doctor/finding";
import { signedFor, signedThroughIntermediate } from "../fuzz/certificates";
import { withWebServer as withServer } from "../provider/harness";
import { withProxy } from "../provider/api/proxy";
import { withV2Server } from "../provider/api/v2Server";
import { command } from "./command";
import { usePlace } from "./place";
import { runHere, type Ended } from "./runHere";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

type Variables = Record<string, string>;
/** A finding in JSON. */
interface Finding {
  check: string;
  verdict: string;
  told: string;
  mend?: string;
}

describe("pulumi-ostor doctor", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-ostor-doctor-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (environment: Variables, ...words: string[]): Promise<Ended> =>
    runHere(["doctor", "--cwd", folder, ...words], environment);

  const settingsOf = (emulator: Emulator): Variables => ({
    OSTOR_ENDPOINT: emulator.endpoint,
    OSTOR_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    OSTOR_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  });

  /**
   * Checks a cluster with one user, that only reads were sent, and that no secret was printed.
   *
   * @param change - settings that differ from the valid ones
   * @param flags - words of the command line
   */
  async function check(
    options: EmulatorOptions = {},
    change: (emulator: Emulator) => Variables = () => ({}),
    flags: string[] = [],
  ) {
    const emulator = createEmulator(options);
    await emulator.start();
    try {
      emulator.cluster.createUser("acme@x.example");
      const settings = { ...settingsOf(emulator), ...change(emulator) };
      const { code, stdout } = await run(settings, "--json", ...flags);
      const methods = new Set(emulator.requests.map(({ method }) => method));
      methods.delete("GET");
      assert.deepEqual([...methods], [], "it only reads");
      const keys = emulator.cluster.users().flatMap(({ accessKeys }) => accessKeys);
      for (const { secretAccessKey } of [...keys, emulator.credentials]) {
        assert.ok(!stdout.includes(secretAccessKey), "no secret is printed");
      }
      const own = settings["OSTOR_SECRET_ACCESS_KEY"] ?? "";
      assert.ok(own === "" || !stdout.includes(own), "nor the one in the settings");
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      assert.equal(code, Number(findings.some(({ verdict }) => verdict === "failed")));
      const names = new Set(findings.flatMap((finding) => Object.keys(finding)));
      for (const name of ["check", "verdict", "told", "mend"]) names.delete(name);
      assert.deepEqual([...names], [], "codes are for people");
      const of = (check: string) => findings.find((each) => each.check === check);
      const verdicts = Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
      return { of, verdicts, requests: emulator.requests.length };
    } finally {
      await emulator.stop();
    }
  }

  const checks =
    "settings,connection,TLS,clock,signature,system user,users,one user,buckets,dialect";
  const all = (verdict: string, ...names: string[]) =>
    Object.fromEntries((names.length === 0 ? checks.split(",") : names).map((n) => [n, verdict]));

  it("finds no problem on a healthy cluster, and ends with 0", async () => {
    const { verdicts, of, requests } = await check({ assumptions: { listedFlags: true } });
    assert.deepEqual(verdicts, all("ok"));
    assert.match(of("settings")?.told ?? "", /secretAccessKey is set \(OSTOR_SECRET_ACCESS_KEY\)/);
    assert.match(of("system user")?.told ?? "", /system user admin@ostor.example/);
    assert.ok(requests >= 5);
  });

  it("prints one aligned line for each check, without colours if there is no terminal", async () => {
    const emulator = createEmulator();
    await emulator.start();
    const { code, stdout } = await run(settingsOf(emulator));
    await emulator.stop();
    const lines = stdout.trimEnd().split("\n");
    assert.equal(code, 0);
    assert.deepEqual(
      lines.map((line) => line.slice(0, 24).trimEnd()),
      checks.split(",").map((check) => `ok         ${check}`),
    );
    assert.ok(!stdout.includes("\u001b"));
    const finding = { check: "TLS", verdict: "failed", text: "\u001b[2J", code: "c" } as const;
    assert.equal(
      findingLine(finding, true),
      "\u001b[31mfailed   \u001b[39m  TLS           [2J [c]\n",
    );
  });

  it("ends with the same code if the reader of its output stops", async () => {
    const emulator = createEmulator();
    await emulator.start();
    const flags = [command, "doctor", "--cwd", folder];
    const env = { ...process.env, ...settingsOf(emulator) };
    const child = spawn(process.execPath, flags, { env });
    let stderr = "";
    child.stderr.on("data", (part: Buffer) => (stderr += part.toString()));
    child.stdout.destroy();
    const [code] = (await once(child, "close")) as [number];
    await emulator.stop();
    assert.equal(stderr, "");
    assert.equal(code, 0);
  });

  it("reports missing settings with the command, and sends nothing", async () => {
    const { code, stdout } = await run({});
    assert.equal(code, 1);
    assert.match(stdout, /^failed +settings +ostor:endpoint is not set; run: pulumi config set/);
    assert.match(stdout, /\nnot tried +connection +no valid endpoint is set\n/);
  });

  it("checks connection and clock without credentials", async () => {
    const { verdicts } = await check({}, () => ({ OSTOR_SECRET_ACCESS_KEY: "" }));
    assert.deepEqual(verdicts, {
      ...all("not tried"),
      settings: "failed",
      ...all("ok", "connection", "TLS", "clock"),
    });
  });

  it("reports that nothing listens at the endpoint, and what was not tried", async () => {
    const { verdicts, of } = await check({}, () => ({ OSTOR_ENDPOINT: "http://127.0.0.1:1" }));
    assert.deepEqual(verdicts, { ...all("not tried"), settings: "ok", connection: "failed" });
    assert.match(of("connection")?.told ?? "", /ECONNREFUSED/);
    assert.match(of("connection")?.mend ?? "", /: set OSTOR_ENDPOINT$/);
  });

  it("reports an unknown host name", async () => {
    const endpoint = "https://s3.example.invalid";
    const { of } = await check({}, () => ({ OSTOR_ENDPOINT: endpoint }));
    assert.match(of("connection")?.told ?? "", /getaddrinfo \w+ s3\.example\.invalid/);
  });

  it("distinguishes https to a port without TLS from a wrong port", async () => {
    const { verdicts, of } = await check({}, ({ endpoint }) => ({
      OSTOR_ENDPOINT: endpoint.replace("http:", "https:"),
    }));
    assert.deepEqual([verdicts["connection"], verdicts["TLS"]], ["ok", "failed"]);
    assert.match(of("TLS")?.mend ?? "", /^check scheme and port: /);
  });

  it("reports a wrong secret", async () => {
    const secret = "wrongwrongwrongwrong";
    const { verdicts, of } = await check({}, () => ({ OSTOR_SECRET_ACCESS_KEY: secret }));
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["failed", "failed"]);
    assert.match(of("signature")?.told ?? "", /^neither V4 nor V2 works: .* SignatureDoesNotMatch/);
    assert.match(of("signature")?.mend ?? "", /set OSTOR_SECRET_ACCESS_KEY$/);
    assert.match(of("system user")?.told ?? "", /^S3 rejects the key too/);
  });

  it("reports a key of an S3 user", async () => {
    const { verdicts, of } = await check({}, ({ cluster }) => {
      const [key] = cluster.user("acme@x.example")?.accessKeys ?? [];
      return {
        OSTOR_ACCESS_KEY_ID: key?.accessKeyId ?? "",
        OSTOR_SECRET_ACCESS_KEY: key?.secretAccessKey ?? "",
      };
    });
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["ok", "failed"]);
    assert.equal(of("signature")?.told, "V4 and V2 both work");
    assert.match(of("system user")?.told ?? "", /belongs to an S3 user that is not a system user/);
    assert.match(
      of("system user")?.mend ?? "",
      /ostor-s3-admin create-user -S .* set OSTOR_ACCESS_KEY_ID and set OSTOR_SECRET_ACCESS_KEY$/,
    );
  });

  it("reports which version works for a key of an S3 user", async () => {
    const { of } = await check({ assumptions: { signatureVersions: ["v2"] } }, ({ cluster }) => {
      const [key] = cluster.user("acme@x.example")?.accessKeys ?? [];
      return {
        OSTOR_ACCESS_KEY_ID: key?.accessKeyId ?? "",
        OSTOR_SECRET_ACCESS_KEY: key?.secretAccessKey ?? "",
      };
    });
    assert.equal(of("signature")?.verdict, "ok");
    assert.match(of("signature")?.told ?? "", /^V2 works, V4 does not \(/);
    assert.match(of("system user")?.told ?? "", /belongs to an S3 user that is not a system user/);
  });

  for (const [works, other] of [
    ["v2", "v4"],
    ["v4", "v2"],
  ] as const) {
    it(`reports that only ${works} works, and a setting that requires ${other}`, async () => {
      const options = { assumptions: { signatureVersions: [works] } };
      const free = await check(options);
      assert.deepEqual(free.verdicts, all("ok"));
      const text = `${works.toUpperCase()} works, ${other.toUpperCase()} does not`;
      assert.ok(free.of("signature")?.told.startsWith(text));
      const forced = await check(options, () => ({ OSTOR_SIGNATURE_VERSION: other }));
      assert.equal(forced.verdicts["signature"], "failed");
      assert.match(forced.of("signature")?.mend ?? "", /set OSTOR_SIGNATURE_VERSION=auto$/);
    });
  }

  it("warns if the dialect does not match the release", async () => {
    const old = await check({ profile: "acronis-2" });
    assert.equal(old.verdicts["dialect"], "warning");
    assert.match(old.of("dialect")?.mend ?? "", /set OSTOR_DIALECT=put$/);
    const isPut = () => ({ OSTOR_DIALECT: "put" });
    assert.equal((await check({ profile: "acronis-2" }, isPut)).verdicts["dialect"], "ok");
    const newer = await check({ profile: "vhi-7" }, isPut);
    assert.equal(newer.verdicts["dialect"], "warning");
    assert.match(
      newer.of("users")?.told ?? "",
      /^a JSON object with a list of 2 users; it contains states/,
    );
  });

  it("warns if the service does not return secrets", async () => {
    const { of } = await check({ assumptions: { secretsReadable: false } });
    assert.equal(of("one user")?.verdict, "warning");
    assert.match(of("one user")?.told ?? "", /contains states, flags, keys, and no secrets$/);
  });

  describe("with TLS", () => {
    const https = (emulator: Emulator) => ({
      OSTOR_ENDPOINT: emulator.endpoint.replace("127.0.0.1", "localhost"),
    });

    it("reports an unknown authority, and trusts the one in the settings", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 60);
      const options = { tls: { key, cert }, host: "localhost" };
      const unknown = await check(options, https);
      assert.deepEqual(unknown.verdicts, {
        ...all("not tried"),
        ...all("ok", "settings", "connection"),
        TLS: "failed",
      });
      assert.match(unknown.of("TLS")?.mend ?? "", /OSTOR_CA_FILE$/);
      const known = await check(options, (emulator) => ({
        ...https(emulator),
        OSTOR_CA_PEM: ca,
      }));
      assert.deepEqual(known.verdicts, all("ok"));
      const until = new Date(Date.now() + 60 * dayMs).toISOString().slice(0, 7);
      assert.ok(
        known.of("TLS")?.told.startsWith(`the certificate is trusted, by caPem, until ${until}`),
      );
    });

    it("names a missing intermediate certificate if its root is trusted", async () => {
      const { key, cert, ca, intermediate } = await signedThroughIntermediate("localhost");
      const options = { tls: { key, cert }, host: "localhost" };
      const { of } = await check(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
      assert.match(
        of("TLS")?.mend ?? "",
        /^the server does not send the intermediate certificate \(The intermediate, .* add the intermediate certificate to caPem: set OSTOR_CA_PEM$/,
      );
      const both = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: ca + intermediate });
      assert.equal((await check(options, both)).verdicts["TLS"], "ok");
      const unknown = await check(options, https);
      assert.match(
        unknown.of("TLS")?.mend ?? "",
        /whole certificate chain, or trust the authority/,
      );
    });

    it("uses the file of the flag before the settings", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 60);
      const { ca: stranger } = await signedFor("localhost", -1, 60);
      const file = join(folder, "new-ca.pem");
      const options = { tls: { key, cert }, host: "localhost" };
      writeFileSync(file, stranger);
      const environment = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: ca });
      const unknown = await check(options, environment, ["--ca-file", file]);
      assert.equal(unknown.verdicts["TLS"], "failed");
      assert.match(
        unknown.of("TLS")?.mend ?? "",
        /^trust the authority that signed the certificate: --ca-file /,
      );
      writeFileSync(file, ca);
      const swapped = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: stranger });
      const known = await check(options, swapped, ["--ca-file", file]);
      assert(known.of("TLS")?.told.startsWith(`the certificate is trusted, by ${file}, until `));
      const outdated = await check(options, swapped);
      assert.match(outdated.of("TLS")?.mend ?? "", /: set OSTOR_CA_PEM$/);
    });

    it("does not suggest trust for a certificate that expired or has another name", async () => {
      for (const [host, fromDay, toDay, fix] of [
        ["localhost", -9, -1, /^renew the certificate, if this machine's clock is right$/],
        ["localhost", 1, 9, /^set this machine's clock, if it is behind$/],
        ["other.example", -1, 60, /^use a host name of the certificate: set OSTOR_ENDPOINT$/],
      ] as const) {
        const { key, cert, ca } = await signedFor(host, fromDay, toDay);
        const options = { tls: { key, cert }, host: "localhost" };
        const { of } = await check(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
        assert.equal(of("TLS")?.verdict, "failed");
        assert.match(of("TLS")?.mend ?? "", fix);
      }
    });

    it("reports a file without certificates as such", async () => {
      const { key, cert } = await signedFor("localhost", -1, 60);
      const file = join(folder, "key.pem");
      writeFileSync(file, key);
      const options = { tls: { key, cert }, host: "localhost" };
      const { of } = await check(options, (each) => ({ ...https(each), OSTOR_CA_FILE: file }));
      assert.match(of("connection")?.told ?? "", /contains no certificate in PEM form$/);
      assert.match(
        of("connection")?.mend ?? "",
        /^set a file with the certificates .* set OSTOR_CA_FILE$/,
      );
    });

    it("warns of a certificate that expires soon, and of insecure", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 3);
      const options = { tls: { key, cert }, host: "localhost" };
      const soon = await check(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
      assert.equal(soon.verdicts["TLS"], "warning");
      const insecure = await check(options, (each) => ({
        ...https(each),
        OSTOR_INSECURE: "true",
      }));
      assert.deepEqual(insecure.verdicts, { ...all("ok"), TLS: "warning" });
      assert.match(insecure.of("TLS")?.told ?? "", /insecure is true: no certificate is checked/);
    });
  });

  describe("with a different clock", () => {
    /** Checks through a server with the emulator's time. */
    async function checkWithClock(offsetMs: number) {
      const clock = () => Date.now() + offsetMs;
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        return await check({ clock }, (emulator) => {
          server.on("request", ({ method, url, headers }, response) => {
            const sent = forward(
              `${emulator.endpoint}${url ?? ""}`,
              { method, headers },
              (answer) => {
                const date = new Date(clock()).toUTCString();
                response.writeHead(answer.statusCode ?? 500, { ...answer.headers, date });
                answer.pipe(response);
              },
            );
            sent.end();
          });
          return { OSTOR_ENDPOINT: endpoint };
        });
      } finally {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    }

    it("warns of a difference that the service accepts or the provider corrects", async () => {
      const small = await checkWithClock(5 * 60_000);
      assert.deepEqual(small.verdicts, { ...all("ok"), clock: "warning" });
      assert.match(small.of("clock")?.told ?? "", /^this machine's clock is 5 minutes behind/);
      const large = await checkWithClock(-3 * hourMs);
      assert.deepEqual(large.verdicts, { ...all("ok"), clock: "warning" });
      assert.match(large.of("clock")?.told ?? "", /^this machine's clock is 3 hours ahead of/);
    });

    it("fails for a greater difference, and does not report the key", async () => {
      const { verdicts, of } = await checkWithClock(3 * dayMs);
      assert.deepEqual(
        [verdicts["clock"], verdicts["signature"], verdicts["system user"]],
        ["failed", "failed", "not tried"],
      );
      assert.equal(of("signature")?.mend, "set this machine's clock");
    });
  });

  it("reports a web server that is not an ostor service", async () => {
    const secret = "SecretThatAServerEchoes";
    const server = createServer((_, response) => {
      response
        .setHeader("Content-Type", `text/html;${secret}`)
        .end("<!DOCTYPE html><title>Panel</title>");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { verdicts, of } = await check({}, () => ({
      OSTOR_ENDPOINT: endpoint,
      OSTOR_SECRET_ACCESS_KEY: secret,
    }));
    server.closeAllConnections();
    server.close();
    assert.deepEqual([verdicts["connection"], verdicts["signature"]], ["ok", "failed"]);
    assert.match(
      of("signature")?.told ?? "",
      /not one of an ostor service: .*\[secret\].* a web page/,
    );
    assert.match(of("signature")?.mend ?? "", /OSTOR_ENDPOINT$/);
  });

  it("names the target of a redirect once, with the change of the endpoint", async () => {
    await withServer(
      (_, response) => response.writeHead(307, { Location: "https://s3.example.com/x" }).end(),
      async (endpoint) => {
        const { of } = await check({}, () => ({ OSTOR_ENDPOINT: endpoint }));
        const { told = "", mend = "" } = of("signature") ?? {};
        assert.match(told, /it redirects to https:\/\/s3\.example\.com, where nothing was sent/);
        assert.doesNotMatch(told, /if that is|pulumi config/);
        assert.equal(mend, "if that is the cluster: set OSTOR_ENDPOINT=https://s3.example.com");
      },
    );
  });

  it("prints a fix for a failing service, and for too many requests", async () => {
    for (const [status, hint] of [
      [503, /^the service has a problem/],
      [429, /^too many requests/],
    ] as const) {
      await withServer(
        (_, response) => response.writeHead(status).end(),
        async (endpoint) => {
          const { of } = await check({}, () => ({ OSTOR_ENDPOINT: endpoint }));
          assert.match(of("signature")?.mend ?? "", hint);
        },
      );
    }
  });

  it("reports failures of the proxy as such, and names a proxy that works", async () => {
    await withServer(
      (_, response) => response.end(),
      async (endpoint) => {
        const refused = await check({}, () => ({ HTTP_PROXY: endpoint }));
        assert.equal(refused.verdicts["connection"], "failed");
        assert.match(refused.of("connection")?.told ?? "", /of HTTP_PROXY: /);
        assert.match(refused.of("connection")?.mend ?? "", /add 127\.0\.0\.1 to NO_PROXY$/);
      },
    );
    await withProxy(async (proxy) => {
      const { verdicts, of } = await check({}, () => ({ http_proxy: new URL(proxy).host }));
      assert.deepEqual(verdicts, all("ok"));
      assert.match(of("connection")?.told ?? "", /through the proxy http:\S+ of http_proxy$/);
    });
  });

  it("uses V2 on a service whose answers to V4 are foreign", async () => {
    await withV2Server({ status: 404 }, async ({ endpoint }) => {
      const { verdicts, of } = await check({}, () => ({
        ...{ OSTOR_ENDPOINT: endpoint, OSTOR_ACCESS_KEY_ID: "AK", OSTOR_SECRET_ACCESS_KEY: "SK" },
      }));
      assert.deepEqual(verdicts, all("ok"));
      assert.match(of("signature")?.told ?? "", /^V2 works, V4 does not/);
    });
  });

  /** Checks a server with these answers by path. */
  async function checkAnswersOf(answers: (path: string) => { status?: number; body: string }) {
    const server = createServer(({ url = "" }, response) => {
      const { status = 200, body } = answers(url);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await check({}, () => ({ OSTOR_ENDPOINT: endpoint }));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("does not count a web page at the root as the right of an S3 user", async () => {
    const { of, verdicts } = await checkAnswersOf((path) =>
      path === "/" ? { body: "<!DOCTYPE html>" } : { status: 403, body: "" },
    );
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["failed", "failed"]);
    assert.match(of("system user")?.told ?? "", /^S3 rejects the key too/);
  });

  it("finds the list of users beside other fields, and counts null as missing", async () => {
    const item = { UserEmail: "acme@x.example", UserId: "4eaf5ceeb2d9b1db", State: null };
    const { of, verdicts } = await checkAnswersOf((path) => {
      if (path.includes("id=")) return { body: JSON.stringify(item) };
      const list = path.includes("ostor-users") ? { Count: 1, Users: [item] } : { Buckets: [] };
      return { body: JSON.stringify(list) };
    });
    assert.deepEqual(verdicts, { ...all("ok"), dialect: "warning" });
    assert.equal(
      of("users")?.told,
      "a JSON object with a list of 1 user; it contains ids, and no states, flags, keys, secrets",
    );
  });

  it("reports which of the service's answers is wrong", async () => {
    const { verdicts, of } = await check({}, (emulator) => {
      emulator.failNext({ operation: "listBuckets", kind: "wrongShape", times: 9 });
      emulator.failNext({ operation: "getUserById", kind: "status", status: 404, times: 9 });
      return {};
    });
    assert.deepEqual(verdicts, { ...all("ok"), ...all("failed", "one user", "buckets") });
    assert.match(of("buckets")?.told ?? "", /^list buckets: the answer is not one of/);
  });

  describe("in a project", () => {
    const place = usePlace();
    before(() => {
      writeFileSync(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
    });
    after(() => {
      rmSync(join(folder, "Pulumi.yaml"));
    });

    it("uses the settings of the stack, then of the environment, and a flag before both", async () => {
      place.current = "selected";
      delete place.config["ostor:endpoint"];
      const { endpoint } = place.emulator;
      const other = { OSTOR_ENDPOINT: endpoint, OSTOR_ACCESS_KEY_ID: "OTHER" };
      const { code, stdout } = await place.run(["doctor", "--cwd", folder], other);
      assert.equal(code, 0, stdout);
      assert.match(stdout, / \(OSTOR_ENDPOINT\), accessKeyId \w+ \(stack selected\)/);
      const flags = ["doctor", "--cwd", folder, "--endpoint", "http://127.0.0.1:1"];
      const flagged = await place.run(flags, other);
      assert.match(flagged.stdout, /endpoint http:\/\/127\.0\.0\.1:1 \(--endpoint\)/);
      assert.match(
        flagged.stdout,
        /\nfailed +connection .*check the endpoint, the network and the firewall: --endpoint https:.* \[network-unreachable\]\n/,
      );
    });

    it("reports keys and variables that are misspelt settings, and fails where up does", async () => {
      place.current = "selected";
      const doctor = async (variables: Variables) => {
        const { code, stdout } = await place.run(["doctor", "--cwd", folder], variables);
        return { code, line: stdout.split("\n", 1)[0] ?? "" };
      };
      place.config["ostor:tenants"] = { value: "7" };
      const { OSTOR_ENDPOINT } = { OSTOR_ENDPOINT: place.emulator.endpoint };
      const questionable = await doctor({
        OSTOR_ENDPOINT,
        OSTOR_REGIO: "eu-1",
        OSTOR_CHECKOUT: ".",
      });
      assert.equal(questionable.code, 0);
      assert.match(
        questionable.line,
        /^warning +settings .*ostor:tenants is not a setting.* \[doubtful-settings\]$/,
      );
      assert.match(questionable.line, /OSTOR_REGIO is not a setting .*did you mean OSTOR_REGION\?/);
      assert.doesNotMatch(questionable.line, /OSTOR_CHECKOUT/);
      delete place.config["ostor:tenants"];
      place.config["ostor:maxRetry"] = { value: "9" };
      const failed = await doctor({ OSTOR_ENDPOINT });
      delete place.config["ostor:maxRetry"];
      assert.equal(failed.code, 1);
      assert.match(
        failed.line,
        /^failed +settings .*ostor:maxRetry is not a setting .*did you mean ostor:maxRetries\? \[unknown-setting\]$/,
      );
    });

    it("uses no stack that is not selected, like export", async () => {
      const { code, stdout } = await place.run(["doctor", "--cwd", folder]);
      assert.equal(code, 1);
      assert.match(stdout, /^failed +settings .*\(no stack is selected\); .*endpoint is not set/);
    });

    it("warns of a secret in plain text in the stack's file", async () => {
      place.current = "selected";
      const { stdout } = await place.run(["doctor", "--cwd", folder]);
      assert.match(
        stdout,
        /^warning +settings .*in plain.*: pulumi config set --cwd \S+ --secret ostor:/,
      );
    });

    it("prints commands for the stack that was named, not for the selected one", async () => {
      place.current = "selected";
      place.states["prod"] = {};
      const down = { "ostor:endpoint": { value: "http://127.0.0.1:1" } };
      const flags = ["doctor", "--cwd", folder, "--stack", "prod"];
      const at = `--cwd ${folder} --stack prod`;
      place.configOf["prod"] = { ...place.config, ...down };
      const unreached = await place.run(flags);
      assert(unreached.stdout.includes(`: pulumi config set ${at} ostor:endpoint https:`));
      assert(
        unreached.stdout.includes(`: pulumi config set ${at} --secret ostor:secretAccessKey `),
      );
      place.configOf["prod"] = down;
      const missing = await place.run(flags);
      assert(missing.stdout.includes(`run: pulumi config set ${at} ostor:accessKeyId <id`));
      assert.doesNotMatch(`${unreached.stdout}${missing.stdout}`, /config set (?!--cwd)/);
    });

    it("reports why a configuration was not read, and continues with the environment", async () => {
      const { credentials, endpoint } = place.emulator;
      const { code, stdout } = await place.run(["doctor", "--cwd", folder, "--stack", "nosuch"], {
        OSTOR_ENDPOINT: endpoint,
        OSTOR_ACCESS_KEY_ID: credentials.accessKeyId,
        OSTOR_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      });
      assert.equal(code, 0);
      assert.match(stdout, /^warning +settings .*no stack's configuration was read \(.*nosuch/);
      assert.match(stdout, /\nok +buckets /);
    });
  });
});
