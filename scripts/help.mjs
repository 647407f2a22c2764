// @ts-check

/**
 * Prints the help when it is asked for. These scripts install the package that reads arguments elsewhere, so
 * they can't use it.
 * @param {readonly string[]} args
 * @param {string} text
 */
export function isHelpAsked(args, text) {
  const isAsked = args.includes("--help") || args.includes("-h");
  if (isAsked) console.log(text);
  return isAsked;
}
