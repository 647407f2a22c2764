// @ts-check
import { relative } from "node:path";

import { Application, Converter, PageEvent } from "typedoc";

import { root } from "../setup.mjs";
import { contentsPage, readContents } from "./contents.mjs";

/**
 * A typedoc plugin: adds the pages that docs/README.md lists, in its order and under its headings.
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
    const title = titleOf(document);
    if (title === undefined) app.logger.error(`${path} does not start with a heading "# …"`);
    document.name = title ?? path;
    document.frontmatter["group"] = pages.find(({ file }) => file === path)?.group;
  });
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = (page.contents ?? "")
      // Typedoc links to the folder of the front page. Without a web server, a browser would list that folder.
      .replace(/href="((?:\.\.?\/)+)(?=[#"])/g, 'href="$1index.html')
      // Typedoc repeats the heading of the front page above it.
      .replace(/<div class="tsd-page-title">\s*<h1>[^<]*<\/h1><\/div>(?=.*<h1 )/s, "");
  });
}

/**
 * The first line of a page. It stays in the page: typedoc prints the name of a document only in its breadcrumbs.
 * @param {import("typedoc").DocumentReflection} document
 * @returns {string | undefined} Undefined if that line is not a heading.
 */
function titleOf({ content }) {
  const text = content.map((part) => part.text).join("");
  return /^# (.+)\n/.exec(text)?.[1]?.replaceAll("`", "");
}
