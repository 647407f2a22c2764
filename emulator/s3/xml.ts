import { XMLParser, XMLValidator } from "fast-xml-parser";

import { ServiceError } from "../errors";
import { documentLimit } from "../http/body";
import type { User } from "../userTable";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** An XML document. Errors of S3 have no namespace, results have one. */
export function document(root: string, ...content: string[]): string {
  const attribute = root === "Error" ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${content.join("")}</${root}>`;
}

/** An element that contains elements. */
export function element(name: string, ...content: string[]): string {
  return `<${name}>${content.join("")}</${name}>`;
}

/** An element that contains text. */
export function leaf(name: string, value: string | number | boolean): string {
  return `<${name}>${escapeText(String(value))}</${name}>`;
}

/** An `Owner` element, or another element for a user. */
export function ownerXml({ userId, emailAddress }: User, name = "Owner"): string {
  return element(name, leaf("ID", userId), leaf("DisplayName", emailAddress));
}

/** ISO 8601 with milliseconds. */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Parses a body.
 *
 * @returns nested plain objects; texts are not converted
 * @throws ServiceError MalformedXML, also for a document with a document type
 */
export function parseXml(body: Buffer): unknown {
  const text = body.toString("utf8");
  if (isExcessive(text) || /<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) {
    throw malformed();
  }
  try {
    return parser.parse(text);
  } catch {
    throw malformed();
  }
}

/** Completing an upload of 10,000 parts needs eight tags per part. */
const mostTags = 100_000;

/** A thousand keys to delete may contain two hundred each. */
const mostEntities = 200_000;

/** Refuses documents with too many tags or entities, or an endless tag, before they are parsed. */
function isExcessive(text: string): boolean {
  if (text.length > documentLimit || count(text, "<") > mostTags) return true;
  return count(text, "&") > mostEntities || /<[^<>]{1000}/.test(text);
}

function count(text: string, mark: string): number {
  let found = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) found += 1;
  return found;
}

/** The error for a document of another shape. */
export function malformed(): ServiceError {
  return new ServiceError("MalformedXML", "The body is not the XML document of this request");
}

const parser = new XMLParser({
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  // oxlint-disable-next-line typescript/no-deprecated -- what replaces it needs a decoder from another package
  htmlEntities: true,
  isArray: (name) => ["Object", "Part", "Grant"].includes(name),
});

function escapeText(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // oxlint-disable-next-line no-control-regex -- keys may contain them; a bare CR would be parsed as LF
  return text.replace(/[&<>"\x00-\x08\x0b-\x1f]/g, (character) => {
    return names[character] ?? `&#${character.charCodeAt(0)};`;
  });
}
