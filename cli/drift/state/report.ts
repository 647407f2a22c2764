import { byUrnAndProperty, unknownReport, reportNotes, titleOf, type Report } from "../report";
import type { Compared } from "./compare";
import {
  comparedWithState,
  mostlyGone,
  notChecked as notCheckedNote,
  notCheckedResources,
  otherUserId,
  runPending,
} from "./messages";
import type { NotChecked } from "./recorded";

/** How many names and addresses a note contains. */
const mostNames = 10;

/**
 * Reports what differs between the state of a stack and the cluster. If more than half of the stack seems gone, the result
 * is unknown: the endpoint may be another cluster.
 *
 * @param confirm - the command that believes the cluster; empty if that was the command
 */
export function stateReport(compared: Compared, confirm: string): Report {
  const { stack, project, differences, notChecked } = compared;
  const gone = differences.filter(({ property }) => property === "exists").length;
  if (confirm !== "" && gone * 2 > compared.compared) {
    return unknownReport(mostlyGone({ gone, compared: compared.compared }, stack, confirm), {
      stack,
      project,
    });
  }
  const found = {
    drift: [...differences].sort(byUrnAndProperty),
    pending: [],
    others: [],
    compared: compared.compared,
    notCompared: notChecked.map(({ name }) => name),
  };
  const isSame = differences.length === 0;
  return {
    result: notChecked.length > 0 ? "unknown" : isSame ? "same" : "differs",
    ...{ stack, project, ...found },
    ...titleOf(stack, found, isSame, notCheckedResources),
    notes: [
      ...reportNotes(found, 0, true),
      ...compared.replaced
        .slice(0, mostNames)
        .map((each) => otherUserId(each.address, each.userId)),
      ...notesOn(notChecked),
      ...(compared.pending > 0 ? [runPending(compared.pending)] : []),
      comparedWithState(stack),
    ],
  };
}

function notesOn(notChecked: readonly NotChecked[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of notChecked) {
    const others = names.get(reason);
    if (others) others.push(name);
    else names.set(reason, [name]);
  }
  return [...names].map(([reason, all]) =>
    notCheckedNote(all.length, all.slice(0, mostNames), reason),
  );
}
