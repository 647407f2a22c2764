import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { Bag, Change, Difference } from "../resources/lifecycle";

const { Kind } = PropertyDiff;
const kinds = {
  update: { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE },
  replace: { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE },
};

/** The properties on both sides of a comparison. */
export interface Compared {
  oldInputs: Bag;
  /** Old outputs: some changes are of a property that no program sets. */
  olds: Bag;
  news: Bag;
}

/** What a life cycle found to differ, as the engine prints it property by property. */
export function diffResponse(
  { changes, deleteBeforeReplace }: Pick<Difference, "changes" | "deleteBeforeReplace">,
  compared: Compared,
): DiffResponse {
  const response = new DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace ?? false);
  for (const change of changes) {
    response.addDiffs(change.property);
    if (change.kind === "replace") response.addReplaces(change.property);
    response.getDetaileddiffMap().set(change.property, propertyDiff(change, compared));
  }
  return response;
}

function propertyDiff({ property, kind }: Change, { oldInputs, olds, news }: Compared) {
  const isInput = property in oldInputs || property in news;
  const isOld = property in oldInputs || property in olds;
  const diff = new PropertyDiff();
  diff.setInputdiff(isInput);
  if (!isOld) diff.setKind(kinds[kind].add);
  else diff.setKind(kinds[kind][isInput && !(property in news) ? "delete" : "update"]);
  return diff;
}
