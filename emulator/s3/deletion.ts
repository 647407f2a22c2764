import { z } from "zod";

import { malformed, parseXml } from "./xml";

/** The objects that a POST ?delete names. */
export interface Deletion {
  readonly objects: readonly { readonly key: string; readonly versionId: string | undefined }[];
  /** Whether the response omits deleted objects. */
  readonly quiet: boolean;
}

const mostObjects = 1000;

const shape = z.object({
  Delete: z.object({
    Quiet: z.string().optional(),
    Object: z
      .array(z.object({ Key: z.string().min(1), VersionId: z.string().optional() }))
      .min(1)
      .max(mostObjects),
  }),
});

/** Reads the body; 1 to 1000 objects. @throws ServiceError MalformedXML */
export function parseDeletion(body: Buffer): Deletion {
  // Counted first, because parsing a hundred thousand takes seconds.
  if (body.toString("latin1").split("<Object").length > 2 * mostObjects + 1) throw malformed();
  const parsed = shape.safeParse(parseXml(body));
  if (!parsed.success) throw malformed();
  const { Object: objects, Quiet: quiet } = parsed.data.Delete;
  return {
    objects: objects.map(({ Key: key, VersionId: versionId }) => ({ key, versionId })),
    quiet: quiet?.trim() === "true",
  };
}
