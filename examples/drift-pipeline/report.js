// Usage: pulumi preview --refresh --expect-no-changes --diff || node report.js $?
// Says what the exit code means and passes it on, so that the pipeline still fails.

const code = Number(process.argv[2]);
const message =
  code === 7
    ? "Drift: the cluster is not what the program declares; see the preview above. Repair it with: pulumi up --refresh"
    : `The comparison itself failed (exit code ${code}): whether there is drift is not known.`;

// A line that begins so is shown as an annotation of the run; elsewhere it is a line like any other.
console.error(process.env["GITHUB_ACTIONS"] === "true" ? `::error::${message}` : message);
// Not a number, or 0, when it was called wrongly: that must not pass for "no drift".
process.exitCode = code > 0 && code < 256 ? code : 1;
