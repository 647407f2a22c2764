import assert from "node:assert/strict";
import { failure } from "../../../provider/text/message";
import { ApiError, NetworkError, ShapeError } from "../../../provider/api/errors";
import { TimeUpError } from "../../../provider/api/timeLimit";
import { explain as printed, explained } from "../../../provider/api/explain";
import { PartialError } from "../../../provider/resources/lifecycle";
import { settingsOf } from "../harness";

const configured = settingsOf({ endpoint: "https://s3.example.com", secretAccessKey: "SENTINEL" });
const given = { ...configured, explicit: true };
const said = { code: "", message: "", requestId: "" };
const api = (status: number, code = "") =>
  new ApiError("list users", { status, code, message: "", requestId: "" });
const failed = (reason: Error) => new NetworkError("list users", "https://s3.example.com", reason);
const coded = (code: string) => failed(Object.assign(new Error("torn"), { code }));
const torn = coded("ECONNREFUSED");
const explain = (...of: Parameters<typeof explained>) => explained(...of).text;

describe("explain", () => {
  it("prints the code of the failure at the end, the outermost one", () => {
    assert.match(printed(api(403), configured), / \[credentials-rejected\]$/);
    assert.match(printed(torn, configured), / \[network-unreachable\]$/);
    const wrapped = failure("slots-full", "x", api(403));
    assert.match(printed(new PartialError("id", {}, wrapped), configured), / \[slots-full\]$/);
    assert.equal(printed(new Error("text"), configured), "text");
  });

  it("adds to rejected credentials the commands that set them, and which run uses which", () => {
    for (const status of [401, 403]) {
      assert.equal(
        explain(api(status), configured),
        `list users: the service answered ${status}; check the credentials of a system user: pulumi config set ostor:accessKeyId <id of a system user's key> and pulumi config set --secret ostor:secretAccessKey <secret of that key>; refresh and destroy use the settings of the last up: after a change run pulumi up, or add --run-program`,
      );
    }
  });

  it("adds to a failed connection the command that sets the endpoint", () => {
    assert.match(
      explain(torn, configured),
      /\(torn\); check the endpoint: pulumi config set ostor:endpoint https:\/\/s3\.example\.com; refresh and destroy use/,
    );
  });

  for (const [name, error, hint] of [
    ["a broken connection", coded("ECONNRESET"), /; the connection was lost: try again$/],
    [
      "a foreign certificate",
      coded("SELF_SIGNED_CERT_IN_CHAIN"),
      /; check the endpoint, or trust who signed its certificate: pulumi config set ostor:caFile /,
    ],
    [
      "a certificate that ended",
      coded("CERT_HAS_EXPIRED"),
      /; check the endpoint's certificate: have it renewed, if this machine's clock is right$/,
    ],
    [
      "a certificate that is not valid yet",
      coded("CERT_NOT_YET_VALID"),
      /; check this machine's clock, which may be behind/,
    ],
    [
      "a certificate of another name",
      coded("ERR_TLS_CERT_ALTNAME_INVALID"),
      /; check the endpoint: its host must be a name of the certificate: pulumi config set ostor:endpoint /,
    ],
    [
      "an attempt without an answer",
      failed(new TimeUpError("timeoutSeconds", 30_000)),
      /allow an attempt more time: pulumi config set ostor:timeoutSeconds 60;/,
    ],
    [
      "an operation without an answer",
      failed(new TimeUpError("deadlineSeconds", 120_000)),
      /allow an operation more time: pulumi config set ostor:deadlineSeconds 240;/,
    ],
    ["a service in trouble", api(503), /answered 503; the service has a problem: try again later$/],
    ["a service that is asked too much", api(429), /try again later, or lower maxConcurrency$/],
    [
      "a web server that knows no lists",
      new ApiError("list users", { ...said, status: 404 }, "listUsers"),
      /answered 404; no ostor service answers that; check the endpoint: pulumi config set ostor:endpoint /,
    ],
    [
      "a service that asks to wait too long",
      new ApiError("x", { ...said, status: 503, retryAfterMs: 200_000 }),
      /asks to wait 200 s; .*allow more: pulumi config set ostor:deadlineSeconds 240;/,
    ],
  ] as const) {
    it(`adds its fix to ${name}`, () => {
      assert.match(explain(error, configured), hint);
    });
  }

  it("offers at most the highest time limit, and none if that is set", () => {
    const late = failed(new TimeUpError("timeoutSeconds", 30_000));
    const of = (timeoutSeconds: number) => explain(late, { ...configured, timeoutSeconds });
    assert.match(of(400), /: pulumi config set ostor:timeoutSeconds 600;/);
    assert.match(of(600), /; try again$/);
    const asked = new ApiError("x", { ...said, status: 503, retryAfterMs: 7_200_000 });
    assert.match(explain(asked, configured), /: try again later$/);
  });

  it("names the stack in commands of npx pulumi-ostor, which uses the current settings", () => {
    const at = ["--cwd", "/srv", "--stack", "prod"];
    assert.equal(
      explain(torn, { ...configured, origin: { at } })
        .split("; ")
        .at(-1),
      "check the endpoint: pulumi config set --cwd /srv --stack prod ostor:endpoint https://s3.example.com",
    );
  });

  it("refers to the arguments of an explicit provider", () => {
    assert.match(explain(api(403), given), /system user given to ostor\.Provider; refresh and/);
    assert.match(explain(torn, given), /check the endpoint given to ostor\.Provider; refresh and/);
  });

  it("distinguishes clock skew from wrong credentials", () => {
    const text = explain(api(403, "RequestTimeTooSkewed"), configured);
    assert.match(text, /; the clocks of this machine and of the service differ too much/);
    assert(!text.includes("credentials"));
  });

  it("finds the failed request inside a partially created resource and a wrapped failure", () => {
    const half = new PartialError("a@b", {}, new Error("could not be read", { cause: torn }));
    assert.match(explain(half, configured), /^could not be read; check the endpoint/);
  });

  it("adds nothing to other failures", () => {
    for (const error of [
      new ApiError("delete user a@b", { ...said, status: 404 }),
      api(409),
      new ShapeError("x", "y", ""),
      new Error("z"),
    ]) {
      assert.equal(explain(error, configured), error.message);
    }
    assert.equal(explain("text", undefined), "text");
  });

  it("returns one line without control characters", () => {
    const text = explain(new Error("bucket a\n\tb\u001b[2J\u0007c\u009b\u2028d"), configured);
    assert.equal(text, "bucket a b [2J c d");
  });

  it("prints no secret", () => {
    for (const error of [api(403), torn]) {
      for (const settings of [configured, given]) {
        assert(!explain(error, settings).includes("SENTINEL"));
      }
    }
    const repeated = explain(new Error("bucket SENTINEL of a server that repeats it"), configured);
    assert.equal(repeated, "bucket [secret] of a server that repeats it");
  });
});
