import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { installGo, type Place, withPlace, writeScript } from "./fakes";

/** A release as Pulumi packs it, with a CLI that prints a version. */
async function releaseOf(place: Place, version: string): Promise<Buffer> {
  const release = join(place.folder, "release");
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    await writeScript(join(release, "pulumi", name), `echo v${version}`);
  }
  const archive = join(place.folder, "release.tar.gz");
  execFileSync("tar", ["-czf", archive, "-C", release, "pulumi"]);
  return readFile(archive);
}

/** Finds an engine with a server that responds to the download as given, and a fake Go for the build. */
async function findFrom(
  place: Place,
  respond: (response: ServerResponse) => void,
): Promise<{ source: string; urls: string[] }> {
  const { findEngine } = await import("../../scripts/engine.mjs");
  const urls: string[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url ?? "");
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await installGo(place);
    const downloadBase = `http://127.0.0.1:${port}/sdk`;
    const { source } = await findEngine({ ...place.options, downloadBase, responseTimeoutMs: 300 });
    return { source, urls };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("the engine's download", () => {
  it("is unpacked into the cache", async () => {
    await withPlace(async (place) => {
      const archive = await releaseOf(place, "3.259.0");
      const { source, urls } = await findFrom(place, (response) => response.end(archive));
      assert.equal(source, "download");
      const arch = process.arch === "arm64" ? "arm64" : "x64";
      assert.deepEqual(urls, [`/sdk/pulumi-v3.259.0-${process.platform}-${arch}.tar.gz`]);
      const [name = "", ...others] = await readdir(join(place.cache, "engine"));
      assert.deepEqual(others, []);
      const files = await readdir(join(place.cache, "engine", name));
      assert.ok(files.includes("pulumi") && !files.includes("archive.tar.gz"), files.join());
    });
  });

  const faults: [title: string, respond: Respond, logged: RegExp][] = [
    ["is missing", (response) => response.writeHead(404).end(), /: the server returned 404\.$/],
    ["gets no response", () => undefined, /: no response for 0\.3 s\.$/],
    [
      "stops half-way",
      (response, archive) => response.write(archive.subarray(0, 100)),
      /: no response for 0\.3 s\.$/,
    ],
    [
      "is cut off",
      (response, archive) => {
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, 100), () => response.destroy());
      },
      /^The download failed: .+\.$/,
    ],
    [
      "is an incomplete archive",
      (response, archive) => response.end(archive.subarray(0, archive.length / 2)),
      /: the archive is damaged\.$/,
    ],
    ["is a page of a proxy", (response) => response.end("<html>"), /: the archive is damaged\.$/],
  ];
  for (const [title, respond, logged] of faults) {
    it(`is discarded when it ${title}`, async () => {
      await withPlace(async (place) => {
        const archive = await releaseOf(place, "3.259.0");
        const { source } = await findFrom(place, (response) => {
          respond(response, archive);
        });
        assert.equal(source, "build");
        assert.match(place.lines[1] ?? "", logged);
        assert.equal((await readdir(join(place.cache, "engine"))).length, 1);
      });
    });
  }

  it("is discarded if it is another version", async () => {
    await withPlace(async (place) => {
      const archive = await releaseOf(place, "3.1.0");
      const { source } = await findFrom(place, (response) => response.end(archive));
      assert.equal(source, "build");
      assert.match(place.lines[1] ?? "", /prints 3\.1\.0 instead of 3\.259\.0\.$/);
    });
  });
});

type Respond = (response: ServerResponse, archive: Buffer) => unknown;
