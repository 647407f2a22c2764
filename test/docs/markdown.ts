import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import MarkdownIt from "markdown-it";

/** The checkout's folder. */
export const root = resolve(__dirname, "../..");

type Token = ReturnType<MarkdownIt["parse"]>[number];

/** A fenced block: the words after its three ticks, and its lines. */
export interface Block {
  language: string;
  /** `file=index.js`: the file to which the reader writes it. */
  file?: string;
  /** `from=examples/…`: the file of this repository that it is a part of. */
  from?: string;
  text: string;
}

/** The links, headings and blocks of a Markdown page. */
export interface Page {
  /** Targets of links and images, as written. */
  links: string[];
  /** Texts of the headings, without marks. */
  headings: string[];
  blocks: Block[];
}

/** Every Markdown file of the repository, relative to its root. */
export function markdownFiles(): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !["node_modules", "dist", "site", ".git"].includes(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(root, entry.name), { recursive: true, encoding: "utf8" }).map((name) =>
            join(entry.name, name),
          )
        : [entry.name],
    )
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .sort();
}

/** Reads a Markdown file of the repository. */
export function readPage(file: string): Page {
  const tokens = new MarkdownIt({ html: true }).parse(readFileSync(join(root, file), "utf8"), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  return {
    links: inline.flatMap((token) => [token.attrGet("href"), token.attrGet("src")].filter(isText)),
    headings: tokens.flatMap((_, index) =>
      tokens[index - 1]?.type === "heading_open" ? [textOf(tokens[index])] : [],
    ),
    blocks: tokens.filter(({ type }) => type === "fence").map(blockOf),
  };
}

function isText(value: string | null): value is string {
  return value !== null;
}

function textOf(token: Token | undefined): string {
  return (token?.children ?? []).map(({ content }) => content).join("");
}

function blockOf({ info, content }: Token): Block {
  const [language = "", ...words] = info.trim().split(/\s+/);
  const named = Object.fromEntries(words.map((word) => word.split("=", 2))) as Partial<Block>;
  return { ...named, language, text: content };
}
