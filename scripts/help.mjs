// @ts-check

/**
 * Prints the help when it is asked for. The scripts set up the packages that read arguments elsewhere, so they
 * can't use one.
 * @param {readonly string[]} args
 * @param {string} text
 */
export function isHelpAsked(args, text) {
  const isAsked = args.includes("--help") || args.includes("-h");
  if (isAsked) console.log(text);
  return isAsked;
}
