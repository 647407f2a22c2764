import fc from "fast-check";

/** Characters and sequences that some layer treats specially. */
const pieces = [
  ...characters("+%&=#?/\\'\"`<>;,:!*()[]{}|^~$@. -_"),
  ...["\r", "\n", "\r\n", "\t", "\0", "\u007f", "\u0085", "\u2028", "\u202e", "\u200b", "\ufeff"],
  ...["%2B", "%40", "%00", "%0d%0a", "%25", "%zz", "%", "%c0%af", "&genKey", "&disable", "&id="],
  ...["é", "e\u0301", "ß", "İ", "ı", "\u212a", "ﬁ", "＠", "．", "日本", "😀", "\ud800", "\udc00"],
  ...["__proto__", "constructor", "toString", "null", "undefined", "NaN", "a", "B", "0"],
];

/** Texts of such pieces and of any characters. */
export const oddText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);

const longText = fc
  .tuple(fc.constantFrom(...pieces, "x"), fc.constantFrom(300, 321, 10_000))
  .map(([piece, length]) => piece.repeat(length));

const tame = fc.string({
  unit: fc.constantFrom(...characters("abcXYZ019.-_")),
  minLength: 1,
  maxLength: 12,
});

/** Valid, almost valid and invalid addresses. */
export const address = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(tame, oddText, tame).map(([a, b, c]) => `${a}${b}@${c}.example`),
  },
  { weight: 3, arbitrary: fc.tuple(oddText, oddText).map(([a, b]) => `${a}@${b}`) },
  { weight: 2, arbitrary: oddText },
  { weight: 1, arbitrary: fc.tuple(longText, tame).map(([a, b]) => `${a}@${b}`) },
);

function characters(text: string): string[] {
  return Array.from(text);
}
