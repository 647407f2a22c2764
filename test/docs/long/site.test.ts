import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as sdk from "../../../sdk";
import { markdownFiles, root } from "../markdown";

interface Html {
  links: string[];
  ids: Set<string>;
  /** How many headings of the first level it has. */
  titles: number;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Reads a page of the site. */
async function readHtml(file: string): Promise<Html> {
  const { Parser } = await import("htmlparser2");
  const found: Html = { links: [], ids: new Set(), titles: 0 };
  const parser = new Parser({
    onopentag: (tag, { href, src, id }) => {
      if (tag === "h1") found.titles += 1;
      found.links.push(...[href, src].filter((link) => link !== undefined));
      if (id !== undefined) found.ids.add(id);
    },
  });
  parser.end(readFileSync(file, "utf8"));
  return found;
}

describe("the site", () => {
  let site = "";
  let printed = "";
  const pages = new Map<string, Html>();

  before(async function () {
    this.timeout(300_000);
    site = mkdtempSync(join(tmpdir(), "pulumi-ostor-site-"));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["scripts/docs.mjs", "--out", site],
      { cwd: root, encoding: "utf8" },
    );
    printed = `${stdout}${stderr}`;
    assert.equal(status, 0, printed);
    const files = readdirSync(site, { recursive: true, encoding: "utf8" });
    for (const name of files.filter((file) => /\.(html|svg)$/.test(file))) {
      pages.set(join(site, name), await readHtml(join(site, name)));
    }
  });
  after(() => {
    rmSync(site, { recursive: true, force: true });
  });

  it("has no dead link", () => {
    const dead = [...pages].flatMap(([page, { links }]) =>
      links
        .filter((link) => !isValidLink(page, link))
        .map((link) => `${page.slice(site.length + 1)}: ${link}`),
    );
    assert.deepEqual([...new Set(dead)], []);
  });

  it("has each Markdown file as a page, so docs/README.md lists them all", async () => {
    const { readContents, contentsPage } = await import("../../../scripts/docs/contents.mjs");
    const listed = readContents(root).map(({ file }) => file);
    assert.deepEqual([...listed, contentsPage].sort(), markdownFiles());
  });

  it("has each page's title once, above its text", () => {
    const others = [...pages]
      .filter(([page, { titles }]) => page.endsWith(".html") && titles !== 1)
      .map(([page, { titles }]) => `${page.slice(site.length + 1)}: ${titles}`);
    assert.deepEqual(others, []);
  });

  it("has a page for each resource and function, with an example", () => {
    for (const [name, value] of Object.entries(sdk)) {
      const isClass = /^class\s/.test(Function.prototype.toString.call(value));
      const page = join(site, isClass ? "classes" : "functions", `pulumi-ostor.${name}.html`);
      assert.match(readFileSync(page, "utf8"), />Example</, name);
    }
  });

  it("is created without colours if there is no terminal", () => {
    assert.ok(!printed.includes("\u001b"), printed);
  });

  function isValidLink(page: string, link: string): boolean {
    if (/^[a-z]+:/i.test(link)) return URL.canParse(link);
    const [path = "", anchor] = decodeURI(link).split("#", 2);
    const file = path === "" ? page : join(dirname(page), path);
    if (!file.startsWith(site) || !isFile(file)) return false;
    return anchor === undefined || anchor === "" || pages.get(file)?.ids.has(anchor) === true;
  }
});
