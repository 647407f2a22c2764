// @ts-check
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import MarkdownIt from "markdown-it";

/** The page that lists all others, on a code host and on the site. */
export const contentsPage = "docs/README.md";

/** @typedef {{ group: string, file: string }} Page */

/**
 * The pages that docs/README.md lists, in its order. A section there is a group in the navigation of the site.
 * @param {string} root
 * @returns {Page[]} Files relative to the root.
 */
export function readContents(root) {
  /** @type {Page[]} */
  const pages = [];
  let group = "";
  const tokens = new MarkdownIt().parse(readFileSync(join(root, contentsPage), "utf8"), {});
  for (const [index, { type, tag, children }] of tokens.entries()) {
    if (type === "heading_open" && tag === "h2") group = tokens[index + 1]?.content ?? "";
    const link = children?.find((child) => child.type === "link_open");
    const target = link?.attrGet("href") ?? "";
    if (group === "" || !target.endsWith(".md")) continue;
    pages.push({ group, file: posix.join(posix.dirname(contentsPage), target) });
  }
  return pages;
}
