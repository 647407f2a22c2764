import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { markdownFiles, readPage, root } from "./markdown";

/** The anchors that code hosts generate for the headings of a page. */
async function anchorsOf(file: string): Promise<Set<string>> {
  const { default: GithubSlugger } = await import("github-slugger");
  const slugger = new GithubSlugger();
  return new Set(readPage(file).headings.map((heading) => slugger.slug(heading)));
}

/** Returns why a link of a page is dead, or undefined if it is not. Links to the web are only parsed. */
async function faultOf(page: string, link: string): Promise<string | undefined> {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return URL.canParse(link) ? undefined : "is not an address";
  const [path = "", anchor] = decodeURI(link).split("#", 2);
  const file = path === "" ? page : posix.join(posix.dirname(page), path);
  if (file.startsWith("..") || path.startsWith("/")) return "leads out of the repository";
  if (!existsSync(join(root, file))) return "there is no such file";
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return "only pages have anchors";
  return (await anchorsOf(file)).has(anchor) ? undefined : `${file} has no such heading`;
}

describe("links", () => {
  for (const page of markdownFiles()) {
    it(`of ${page} are not dead`, async () => {
      const dead: string[] = [];
      for (const link of readPage(page).links) {
        const fault = await faultOf(page, link);
        if (fault !== undefined) dead.push(`${link}: ${fault}`);
      }
      assert.deepEqual(dead, []);
    });
  }

  it("are distinguished from dead ones", async () => {
    const links = [
      "no-such.md",
      "drift.md#no-such-heading",
      "#no-such-heading",
      "../../out.md",
      "https://",
    ];
    for (const link of links)
      assert.notEqual(await faultOf("docs/lifecycle.md", link), undefined, link);
    for (const link of ["drift.md", "#accesskey", "../README.md#use-it", "https://npmjs.com/x"])
      assert.equal(await faultOf("docs/lifecycle.md", link), undefined, link);
  });
});
