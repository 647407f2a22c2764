// @ts-check

/**
 * Prints the help if the arguments ask for it. These scripts install the dependencies, so they cannot import
 * commander.
 * @param {readonly string[]} args
 * @param {string} text
 */
export function isHelpAsked(args, text) {
  const isAsked = args.includes("--help") || args.includes("-h");
  if (isAsked) console.log(text);
  return isAsked;
}
