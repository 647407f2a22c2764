/** The engine sends this in a preview for a value that only an update knows (its wire protocol). */
export const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything inside it, is unknown in this preview. */
export function isUnknown(value: unknown): boolean {
  if (value === unknownMarker) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isUnknown);
}
