import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
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
import { usePlace, type Ended } from "./place";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

type Variables = Record<string, string>;
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

  function run(environment: Variables, ...words: string[]): Promise<Ended> {
    const isOthers = /^(OSTOR_|NO_COLOR$)|_PROXY$/i;
    const inherited = Object.entries(process.env).filter(([name]) => !isOthers.test(name));
    const env = { ...Object.fromEntries(inherited), ...environment };
    const flags = [command, "doctor", "--cwd", folder, ...words];
    return new Promise((settle) => {
      execFile(process.execPath, flags, { env }, (error, stdout, stderr) => {
        settle({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  }

  const settingsOf = (emulator: Emulator): Variables => ({
    OSTOR_ENDPOINT: emulator.endpoint,
    OSTOR_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    OSTOR_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
  });

  /**
   * Examines a cluster with one user. Whatever is found: it was only read, and no secret of anybody was printed.
   *
   * @param change - settings other than those that work
   * @param flags - words of the command line
   */
  async function examine(
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
      const pairs = emulator.cluster.users().flatMap(({ accessKeys }) => accessKeys);
      for (const { secretAccessKey } of [...pairs, emulator.credentials]) {
        assert.ok(!stdout.includes(secretAccessKey), "no secret is printed");
      }
      const own = settings["OSTOR_SECRET_ACCESS_KEY"] ?? "";
      assert.ok(own === "" || !stdout.includes(own), "nor the one that was given");
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      assert.equal(code, Number(findings.some(({ verdict }) => verdict === "failed")));
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

  it("finds nothing wrong with a healthy cluster, and ends with 0", async () => {
    const { verdicts, of, requests } = await examine({ assumptions: { listedFlags: true } });
    assert.deepEqual(verdicts, all("ok"));
    assert.match(of("settings")?.told ?? "", /secretAccessKey is set \(OSTOR_SECRET_ACCESS_KEY\)/);
    assert.match(of("system user")?.told ?? "", /system user admin@ostor.example/);
    assert.ok(requests >= 5);
  });

  it("prints one aligned line each, without colour where no terminal is", async () => {
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
    const finding = { check: "TLS", verdict: "failed", told: "\u001b[2J" } as const;
    assert.equal(findingLine(finding, true), "\u001b[31mfailed   \u001b[39m  TLS           [2J\n");
  });

  it("ends as it would when whoever reads it stops reading", async () => {
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

  it("tells what isn't set, with the command, and tries nothing", async () => {
    const { code, stdout } = await run({});
    assert.equal(code, 1);
    assert.match(stdout, /^failed +settings +ostor:endpoint is not set; run: pulumi config set/);
    assert.match(stdout, /\nnot tried +connection +no endpoint is known\n/);
  });

  it("looks at connection and clock though credentials are missing", async () => {
    const { verdicts } = await examine({}, () => ({ OSTOR_SECRET_ACCESS_KEY: "" }));
    assert.deepEqual(verdicts, {
      ...all("not tried"),
      settings: "failed",
      ...all("ok", "connection", "TLS", "clock"),
    });
  });

  it("tells that nothing listens there, and what wasn't tried", async () => {
    const { verdicts, of } = await examine({}, () => ({ OSTOR_ENDPOINT: "http://127.0.0.1:1" }));
    assert.deepEqual(verdicts, { ...all("not tried"), settings: "ok", connection: "failed" });
    assert.match(of("connection")?.told ?? "", /ECONNREFUSED/);
    assert.match(of("connection")?.mend ?? "", /: set OSTOR_ENDPOINT$/);
  });

  it("tells a name that isn't known", async () => {
    const endpoint = "https://s3.example.invalid";
    const { of } = await examine({}, () => ({ OSTOR_ENDPOINT: endpoint }));
    assert.match(of("connection")?.told ?? "", /getaddrinfo \w+ s3\.example\.invalid/);
  });

  it("tells https to a port without TLS from a wrong port", async () => {
    const { verdicts, of } = await examine({}, ({ endpoint }) => ({
      OSTOR_ENDPOINT: endpoint.replace("http:", "https:"),
    }));
    assert.deepEqual([verdicts["connection"], verdicts["TLS"]], ["ok", "failed"]);
    assert.match(of("TLS")?.mend ?? "", /^check scheme and port: /);
  });

  it("tells a wrong secret", async () => {
    const secret = "wrongwrongwrongwrong";
    const { verdicts, of } = await examine({}, () => ({ OSTOR_SECRET_ACCESS_KEY: secret }));
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["failed", "failed"]);
    assert.match(of("signature")?.told ?? "", /^neither V4 nor V2 works: .* SignatureDoesNotMatch/);
    assert.match(of("signature")?.mend ?? "", /set OSTOR_SECRET_ACCESS_KEY$/);
    assert.match(of("system user")?.told ?? "", /for S3 neither/);
  });

  it("tells a key that is an S3 user's", async () => {
    const { verdicts, of } = await examine({}, ({ cluster }) => {
      const [pair] = cluster.user("acme@x.example")?.accessKeys ?? [];
      return {
        OSTOR_ACCESS_KEY_ID: pair?.accessKeyId ?? "",
        OSTOR_SECRET_ACCESS_KEY: pair?.secretAccessKey ?? "",
      };
    });
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["ok", "failed"]);
    assert.equal(of("signature")?.told, "V4 and V2 both work");
    assert.match(of("system user")?.told ?? "", /that of an S3 user who isn't a system user/);
    assert.match(
      of("system user")?.mend ?? "",
      /ostor-s3-admin create-user -S .* set OSTOR_ACCESS_KEY_ID and set OSTOR_SECRET_ACCESS_KEY$/,
    );
  });

  it("tells which version works for a key that is an S3 user's", async () => {
    const { of } = await examine({ assumptions: { signatureVersions: ["v2"] } }, ({ cluster }) => {
      const [pair] = cluster.user("acme@x.example")?.accessKeys ?? [];
      return {
        OSTOR_ACCESS_KEY_ID: pair?.accessKeyId ?? "",
        OSTOR_SECRET_ACCESS_KEY: pair?.secretAccessKey ?? "",
      };
    });
    assert.equal(of("signature")?.verdict, "ok");
    assert.match(of("signature")?.told ?? "", /^V2 works, V4 doesn't \(/);
    assert.match(of("system user")?.told ?? "", /that of an S3 user who isn't a system user/);
  });

  for (const [works, other] of [
    ["v2", "v4"],
    ["v4", "v2"],
  ] as const) {
    it(`tells that ${works} alone works, and that a setting forbids it`, async () => {
      const options = { assumptions: { signatureVersions: [works] } };
      const free = await examine(options);
      assert.deepEqual(free.verdicts, all("ok"));
      const told = `${works.toUpperCase()} works, ${other.toUpperCase()} doesn't`;
      assert.ok(free.of("signature")?.told.startsWith(told));
      const forced = await examine(options, () => ({ OSTOR_SIGNATURE_VERSION: other }));
      assert.equal(forced.verdicts["signature"], "failed");
      assert.match(forced.of("signature")?.mend ?? "", /set OSTOR_SIGNATURE_VERSION=auto$/);
    });
  }

  it("warns of releases 2.x where keys are changed by POST, and of the other way round", async () => {
    const old = await examine({ profile: "acronis-2" });
    assert.equal(old.verdicts["dialect"], "warning");
    assert.match(old.of("dialect")?.mend ?? "", /set OSTOR_DIALECT=put$/);
    const isPut = () => ({ OSTOR_DIALECT: "put" });
    assert.equal((await examine({ profile: "acronis-2" }, isPut)).verdicts["dialect"], "ok");
    const newer = await examine({ profile: "vhi-7" }, isPut);
    assert.equal(newer.verdicts["dialect"], "warning");
    assert.match(
      newer.of("users")?.told ?? "",
      /^a list in an object of 2 in JSON; it tells states/,
    );
  });

  it("warns where secrets can't be read again", async () => {
    const { of } = await examine({ assumptions: { secretsReadable: false } });
    assert.equal(of("one user")?.verdict, "warning");
    assert.match(of("one user")?.told ?? "", /tells states, flags, keys, and no secrets$/);
  });

  describe("with TLS", () => {
    const https = (emulator: Emulator) => ({
      OSTOR_ENDPOINT: emulator.endpoint.replace("127.0.0.1", "localhost"),
    });

    it("tells an authority that isn't known, and takes one that is given", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 60);
      const options = { tls: { key, cert }, host: "localhost" };
      const unknown = await examine(options, https);
      assert.deepEqual(unknown.verdicts, {
        ...all("not tried"),
        ...all("ok", "settings", "connection"),
        TLS: "failed",
      });
      assert.match(unknown.of("TLS")?.mend ?? "", /OSTOR_CA_FILE$/);
      const known = await examine(options, (emulator) => ({
        ...https(emulator),
        OSTOR_CA_PEM: ca,
      }));
      assert.deepEqual(known.verdicts, all("ok"));
      const until = new Date(Date.now() + 60 * dayMs).toISOString().slice(0, 7);
      assert.ok(
        known.of("TLS")?.told.startsWith(`the certificate is trusted, by caPem, until ${until}`),
      );
    });

    it("names a missing intermediate certificate, whose root is configured", async () => {
      const { key, cert, ca, intermediate } = await signedThroughIntermediate("localhost");
      const options = { tls: { key, cert }, host: "localhost" };
      const { of } = await examine(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
      assert.match(
        of("TLS")?.mend ?? "",
        /^the server does not send the intermediate certificate \(The intermediate, .* add that one to caPem: set OSTOR_CA_PEM$/,
      );
      const both = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: ca + intermediate });
      assert.equal((await examine(options, both)).verdicts["TLS"], "ok");
      const unknown = await examine(options, https);
      assert.match(unknown.of("TLS")?.mend ?? "", /whole certificate chain, or trust who signed/);
    });

    it("tries the file that is given before what the settings hold", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 60);
      const { ca: stranger } = await signedFor("localhost", -1, 60);
      const file = join(folder, "new-ca.pem");
      const options = { tls: { key, cert }, host: "localhost" };
      writeFileSync(file, stranger);
      const environment = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: ca });
      const unknown = await examine(options, environment, ["--ca-file", file]);
      assert.equal(unknown.verdicts["TLS"], "failed");
      assert.match(unknown.of("TLS")?.mend ?? "", /^trust who signed the certificate: --ca-file /);
      writeFileSync(file, ca);
      const swapped = (each: Emulator) => ({ ...https(each), OSTOR_CA_PEM: stranger });
      const known = await examine(options, swapped, ["--ca-file", file]);
      assert(known.of("TLS")?.told.startsWith(`the certificate is trusted, by ${file}, until `));
      const outdated = await examine(options, swapped);
      assert.match(outdated.of("TLS")?.mend ?? "", /: set OSTOR_CA_PEM$/);
    });

    it("mends a certificate that ended, or is of another name, by no trust", async () => {
      for (const [host, fromDay, toDay, mend] of [
        ["localhost", -9, -1, /^have it renewed, if this machine's clock is right$/],
        ["localhost", 1, 9, /^set this machine's clock, if it is behind$/],
        ["other.example", -1, 60, /^name the cluster as its certificate does: set OSTOR_ENDPOINT$/],
      ] as const) {
        const { key, cert, ca } = await signedFor(host, fromDay, toDay);
        const options = { tls: { key, cert }, host: "localhost" };
        const { of } = await examine(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
        assert.equal(of("TLS")?.verdict, "failed");
        assert.match(of("TLS")?.mend ?? "", mend);
      }
    });

    it("doesn't blame the endpoint for a file without certificates", async () => {
      const { key, cert } = await signedFor("localhost", -1, 60);
      const file = join(folder, "key.pem");
      writeFileSync(file, key);
      const options = { tls: { key, cert }, host: "localhost" };
      const { of } = await examine(options, (each) => ({ ...https(each), OSTOR_CA_FILE: file }));
      assert.match(of("connection")?.told ?? "", /contains no certificate in PEM form$/);
      assert.match(of("connection")?.mend ?? "", /^give the certificates .* set OSTOR_CA_FILE$/);
    });

    it("warns of a certificate that ends soon, and of none that is checked", async () => {
      const { key, cert, ca } = await signedFor("localhost", -1, 3);
      const options = { tls: { key, cert }, host: "localhost" };
      const soon = await examine(options, (each) => ({ ...https(each), OSTOR_CA_PEM: ca }));
      assert.equal(soon.verdicts["TLS"], "warning");
      const insecure = await examine(options, (each) => ({
        ...https(each),
        OSTOR_INSECURE: "true",
      }));
      assert.deepEqual(insecure.verdicts, { ...all("ok"), TLS: "warning" });
      assert.match(insecure.of("TLS")?.told ?? "", /insecure is true: no certificate is checked/);
    });
  });

  describe("where the clocks differ", () => {
    /** Examines through a server that tells the emulator's time. */
    async function examineLate(offsetMs: number) {
      const clock = () => Date.now() + offsetMs;
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      try {
        return await examine({ clock }, (emulator) => {
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

    it("warns of a difference that the service or the client gets over", async () => {
      const small = await examineLate(5 * 60_000);
      assert.deepEqual(small.verdicts, { ...all("ok"), clock: "warning" });
      assert.match(small.of("clock")?.told ?? "", /^this machine's is 5 minutes behind/);
      const large = await examineLate(-3 * hourMs);
      assert.deepEqual(large.verdicts, { ...all("ok"), clock: "warning" });
      assert.match(large.of("clock")?.told ?? "", /^this machine's is 3 hours ahead of/);
    });

    it("fails for one that nobody gets over, and doesn't blame the key", async () => {
      const { verdicts, of } = await examineLate(3 * dayMs);
      assert.deepEqual(
        [verdicts["clock"], verdicts["signature"], verdicts["system user"]],
        ["failed", "failed", "not tried"],
      );
      assert.equal(of("signature")?.mend, "set this machine's clock");
    });
  });

  it("tells a web server that is no ostor service", async () => {
    const secret = "SecretThatAServerEchoes";
    const server = createServer((_, response) => {
      response
        .setHeader("Content-Type", `text/html;${secret}`)
        .end("<!DOCTYPE html><title>Panel</title>");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { verdicts, of } = await examine({}, () => ({
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

  it("names where a redirect leads once, by what changes the endpoint here", async () => {
    await withServer(
      (_, response) => response.writeHead(307, { Location: "https://s3.example.com/x" }).end(),
      async (endpoint) => {
        const { of } = await examine({}, () => ({ OSTOR_ENDPOINT: endpoint }));
        const { told = "", mend = "" } = of("signature") ?? {};
        assert.match(told, /it redirects to https:\/\/s3\.example\.com, where nothing was sent/);
        assert.doesNotMatch(told, /if that is|pulumi config/);
        assert.equal(mend, "if that is the cluster: set OSTOR_ENDPOINT=https://s3.example.com");
      },
    );
  });

  it("gives a hint that fits a service in trouble, and one that is asked too much", async () => {
    for (const [status, hint] of [
      [503, /^the service has a problem/],
      [429, /^too many requests/],
    ] as const) {
      await withServer(
        (_, response) => response.writeHead(status).end(),
        async (endpoint) => {
          const { of } = await examine({}, () => ({ OSTOR_ENDPOINT: endpoint }));
          assert.match(of("signature")?.mend ?? "", hint);
        },
      );
    }
  });

  it("blames the proxy for what is the proxy's, and names it where it works", async () => {
    await withServer(
      (_, response) => response.end(),
      async (endpoint) => {
        const refused = await examine({}, () => ({ HTTP_PROXY: endpoint }));
        assert.equal(refused.verdicts["connection"], "failed");
        assert.match(refused.of("connection")?.told ?? "", /of HTTP_PROXY: /);
        assert.match(refused.of("connection")?.mend ?? "", /add 127\.0\.0\.1 to NO_PROXY$/);
      },
    );
    await withProxy(async (proxy) => {
      const { verdicts, of } = await examine({}, () => ({ http_proxy: new URL(proxy).host }));
      assert.deepEqual(verdicts, all("ok"));
      assert.match(of("connection")?.told ?? "", /through the proxy http:\S+ of http_proxy$/);
    });
  });

  it("finds V2 for all that follows on a service whose answers to V4 are foreign", async () => {
    await withV2Server({ status: 404 }, async ({ endpoint }) => {
      const { verdicts, of } = await examine({}, () => ({
        ...{ OSTOR_ENDPOINT: endpoint, OSTOR_ACCESS_KEY_ID: "AK", OSTOR_SECRET_ACCESS_KEY: "SK" },
      }));
      assert.deepEqual(verdicts, all("ok"));
      assert.match(of("signature")?.told ?? "", /^V2 works, V4 doesn't/);
    });
  });

  /** Examines what is answered to a path. */
  async function examineAnswers(answers: (path: string) => { status?: number; body: string }) {
    const server = createServer(({ url = "" }, response) => {
      const { status = 200, body } = answers(url);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      return await examine({}, () => ({ OSTOR_ENDPOINT: endpoint }));
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("doesn't take the key for an S3 user's because there is a web page at the root", async () => {
    const { of, verdicts } = await examineAnswers((path) =>
      path === "/" ? { body: "<!DOCTYPE html>" } : { status: 403, body: "" },
    );
    assert.deepEqual([verdicts["signature"], verdicts["system user"]], ["failed", "failed"]);
    assert.match(of("system user")?.told ?? "", /for S3 neither/);
  });

  it("finds the list of users beside other fields, and takes null for not told", async () => {
    const item = { UserEmail: "acme@x.example", UserId: "4eaf5ceeb2d9b1db", State: null };
    const { of, verdicts } = await examineAnswers((path) => {
      if (path.includes("id=")) return { body: JSON.stringify(item) };
      const list = path.includes("ostor-users") ? { Count: 1, Users: [item] } : { Buckets: [] };
      return { body: JSON.stringify(list) };
    });
    assert.deepEqual(verdicts, { ...all("ok"), dialect: "warning" });
    assert.equal(
      of("users")?.told,
      "a list in an object of 1 in JSON; it tells ids, and no states, flags, keys, secrets",
    );
  });

  it("tells which of the service's answers isn't right", async () => {
    const { verdicts, of } = await examine({}, (emulator) => {
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

    it("takes the settings of the stack, then of the environment, and a flag before both", async () => {
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
        /\nfailed +connection .*check the endpoint and the way there: --endpoint https:/,
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
      const doubtful = await doctor({ OSTOR_ENDPOINT, OSTOR_REGIO: "eu-1", OSTOR_CHECKOUT: "." });
      assert.equal(doubtful.code, 0);
      assert.match(doubtful.line, /^warning +settings .*ostor:tenants is not a setting/);
      assert.match(doubtful.line, /OSTOR_REGIO is not a setting .*did you mean OSTOR_REGION\?/);
      assert.doesNotMatch(doubtful.line, /OSTOR_CHECKOUT/);
      delete place.config["ostor:tenants"];
      place.config["ostor:maxRetry"] = { value: "9" };
      const failed = await doctor({ OSTOR_ENDPOINT });
      delete place.config["ostor:maxRetry"];
      assert.equal(failed.code, 1);
      assert.match(
        failed.line,
        /^failed +settings .*ostor:maxRetry is not a setting .*did you mean ostor:maxRetries\?/,
      );
    });

    it("takes no stack that isn't selected: export wouldn't either", async () => {
      const { code, stdout } = await place.run(["doctor", "--cwd", folder]);
      assert.equal(code, 1);
      assert.match(stdout, /^failed +settings .*\(no stack is selected\); .*endpoint is not set/);
    });

    it("warns of a secret that the stack keeps in plain", async () => {
      place.current = "selected";
      const { stdout } = await place.run(["doctor", "--cwd", folder]);
      assert.match(
        stdout,
        /^warning +settings .*in plain.*: pulumi config set --cwd \S+ --secret ostor:/,
      );
    });

    it("mends the stack that was named, and not the one that is selected", async () => {
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

    it("says why a stack's configuration wasn't read, and goes on with the environment", async () => {
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
