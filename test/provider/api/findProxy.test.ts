import assert from "node:assert/strict";
import { findProxy, ProxyError } from "../../../provider/api/proxy";

const http = "http://s3.example.com";
const https = "https://s3.example.com:8443";

/** Address and variable of the proxy, or undefined. */
function proxyOf(endpoint: string, variables: Record<string, string>): string | undefined {
  const proxy = findProxy(endpoint, variables);
  return proxy && `${proxy.address} ${proxy.variable}`;
}

describe("findProxy", () => {
  it("uses the variable of the endpoint's scheme, else ALL_PROXY", () => {
    assert.equal(proxyOf(http, { HTTPS_PROXY: "http://p:1" }), undefined);
    assert.equal(proxyOf(https, { HTTP_PROXY: "http://p:1" }), undefined);
    assert.equal(proxyOf(https, { https_proxy: "http://p:1" }), "http://p:1 https_proxy");
    assert.equal(
      proxyOf(http, { HTTP_PROXY: "http://p:1", ALL_PROXY: "http://q:1" }),
      "http://p:1 HTTP_PROXY",
    );
    assert.equal(
      proxyOf(https, { HTTP_PROXY: "http://p:1", all_proxy: "q:1" }),
      "http://q:1 all_proxy",
    );
  });

  it("prefers the name in lower case unless it is empty", () => {
    assert.equal(proxyOf(http, { http_proxy: "p:1", HTTP_PROXY: "q:1" }), "http://p:1 http_proxy");
    assert.equal(proxyOf(http, { http_proxy: "", HTTP_PROXY: " q:1 " }), "http://q:1 HTTP_PROXY");
  });

  for (const [value, address] of [
    ["proxy:3128", "http://proxy:3128"],
    ["proxy", "http://proxy:80"],
    ["127.0.0.1:3128", "http://127.0.0.1:3128"],
    ["[::1]:3128", "http://[::1]:3128"],
    ["HTTP://proxy:3128/", "http://proxy:3128"],
    ["https://proxy", "https://proxy:443"],
    ["https://proxy:80", "https://proxy:80"],
    ["socks5://proxy", "socks5://proxy:1080"],
    ["socks5h://proxy:9050", "socks5h://proxy:9050"],
    ["socks4a://proxy", "socks4a://proxy:1080"],
    ["ops:p%40ss@proxy:3128", "http://proxy:3128"],
  ] as const) {
    it(`accepts ${value}`, () => {
      assert.equal(findProxy(https, { HTTPS_PROXY: value })?.address, address);
    });
  }

  it("decodes user and password, and keeps a percent sign that encodes nothing", () => {
    for (const [value, user, password] of [
      ["http://ops:p%40ss%3A@proxy", "ops", "p@ss:"],
      ["http://token@proxy", "token", ""],
      ["ops:50%@proxy", "ops", "50%"],
    ] as const) {
      const proxy = findProxy(https, { HTTPS_PROXY: value });
      assert.deepEqual([proxy?.user, proxy?.password], [user, password]);
    }
  });

  for (const value of [
    "ftp://ops:hunter2@p:1",
    "http://ops:hunter2/@p:1",
    "ops:hunter2@:x",
    "://",
  ]) {
    it(`refuses ${value} and names the variable, not its value`, () => {
      assert.throws(
        () => findProxy(https, { HTTPS_PROXY: value }),
        (error) => {
          assert(error instanceof ProxyError);
          assert.match(error.message, /HTTPS_PROXY/);
          assert.doesNotMatch(error.message, /hunter2|ops/);
          return error.failure === "variable";
        },
      );
      assert.equal(findProxy(http, { HTTPS_PROXY: value }), undefined, "it is not used");
      const excluded = { HTTPS_PROXY: value, NO_PROXY: "example.com" };
      assert.equal(findProxy(https, excluded), undefined, "it is not used");
    });
  }
});

describe("NO_PROXY", () => {
  for (const [endpoint, excluding, others] of [
    [
      "https://s3.example.com",
      [
        "*",
        "s3.example.com",
        "S3.Example.com",
        "example.com",
        ".example.com",
        "*.example.com",
        "example.com.",
      ],
      [
        "",
        "ample.com",
        "s3.example.co",
        "other.example.com",
        "a.s3.example.com",
        "10.0.0.0/8",
        "/",
        ",",
        ".",
      ],
    ],
    [
      "https://example.com",
      [".example.com", "example.com:443"],
      ["example.com:80", "example.com:8443"],
    ],
    ["http://s3.example.com:8080", ["x, example.com:8080", "x  example.com"], ["example.com:80"]],
    [
      "http://10.1.2.3:8080",
      ["10.1.2.3", "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "10.1.2.3:8080", "a,10.1.0.0/16"],
      [
        "10.1.2.4",
        "10.2.0.0/16",
        "10.1.2.3:80",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/x",
        "2.3",
        "::/0",
      ],
    ],
    [
      "https://[fd00::1]",
      ["fd00::1", "[fd00::1]", "[fd00::1]:443", "fd00::/8", "[fd00::]/8", "FD00:0:0::1"],
      ["fd00::2", "[fd00::1]:8443", "fe00::/8", "10.0.0.0/8", "fd00::/129"],
    ],
    ["http://localhost:8080", ["localhost"], ["127.0.0.1"]],
  ] as const) {
    it(`excludes ${endpoint} as curl and Go do`, () => {
      const isExcluded = (text: string) =>
        proxyOf(endpoint, { ALL_PROXY: "p:1", NO_PROXY: text }) === undefined;
      assert.deepEqual(
        excluding.filter((text) => !isExcluded(text)),
        [],
      );
      assert.deepEqual(others.filter(isExcluded), []);
    });
  }

  it("is read in lower case too", () => {
    assert.equal(proxyOf(http, { HTTP_PROXY: "p:1", no_proxy: "example.com" }), undefined);
  });
});
