// @ts-check
import { relative } from "node:path";

import { Application, Converter, PageEvent } from "typedoc";

import { root } from "../setup.mjs";
import { contentsPage, readContents } from "./contents.mjs";

/**
 * A plugin of typedoc: the site has the pages that docs/README.md lists, in its order and under its headings.
 * @param {Application} app
 */
export function load(app) {
  const listed = readContents(root).filter(({ file }) => file !== "README.md");
  const pages = [{ group: listed[0]?.group ?? "", file: contentsPage }, ...listed];
  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    const groups = [...new Set(pages.map(({ group }) => group))];
    const files = pages.map(({ file }) => file);
    app.options.setValue("projectDocuments", files, root);
    app.options.setValue("groupOrder", [...groups, "Constructors", "Properties", "*"]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const path = relative(root, document.project.files.getReflectionPath(document) ?? "");
    const title = takeTitle(document);
    if (title === undefined) app.logger.error(`${path} doesn't begin with a heading "# …"`);
    document.name = title ?? path;
    document.frontmatter["group"] = pages.find(({ file }) => file === path)?.group;
  });
  // Typedoc leads to the folder of the front page, which a browser lists when the site is opened as files.
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = (page.contents ?? "").replace(
      /href="((?:\.\.?\/)+)(?=[#"])/g,
      'href="$1index.html',
    );
  });
}

/**
 * Takes a page's first line out of it, for typedoc writes the name of a page above it.
 * @param {import("typedoc").DocumentReflection} document
 * @returns {string | undefined} Nothing when that line is no heading.
 */
function takeTitle({ content }) {
  const end = content.findIndex(({ text }) => text.includes("\n"));
  const last = content[end];
  if (!last) return undefined;
  const line = [...content.slice(0, end), last].map(({ text }) => text).join("");
  const title = /^# (.+)\n/.exec(line)?.[1];
  if (title === undefined) return undefined;
  last.text = last.text.slice(last.text.indexOf("\n") + 1);
  content.splice(0, end);
  return title.replaceAll("`", "");
}
