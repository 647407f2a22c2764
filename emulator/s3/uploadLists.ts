import type { Upload } from "../bucketTable";
import type { Context } from "../context";
import { type Answer, xmlAnswer } from "../http/answer";
import { parameter } from "../http/request";
import { supervisedBucket } from "./access";
import { compareKeys, takePage } from "./listing";
import { bucketOwner, commonPrefixes, limitOf, listHead, listQuery, textCoder } from "./listQuery";
import { openUpload } from "./uploadHandlers";
import { document, element, isoDate, leaf, ownerXml } from "./xml";

/** GET /bucket?uploads: by key, then in the order of their start. */
export function listMultipartUploads(context: Context): Answer {
  const { request } = context;
  const bucket = supervisedBucket(context);
  const afterId = parameter(request, "upload-id-marker");
  const marker = parameter(request, "key-marker") ?? "";
  const query = { ...listQuery(request, marker, "max-uploads"), afterId };
  const sorted = [...bucket.uploads.values()]
    .map((upload) => ({ ...upload, id: upload.uploadId }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const page = takePage(sorted, query);
  const code = textCoder(request);
  const nextId = page.lastId === undefined ? [] : [leaf("NextUploadIdMarker", page.lastId)];
  const next = page.truncated ? [leaf("NextKeyMarker", code(page.last)), ...nextId] : [];
  const rows = page.items.map((upload) => {
    const facts = [leaf("Key", code(upload.key)), leaf("UploadId", upload.uploadId)];
    const started = leaf("Initiated", isoDate(upload.startedMs));
    return element("Upload", ...facts, ...ownership(context, upload), started);
  });
  const head = [
    leaf("Bucket", bucket.name),
    leaf("KeyMarker", code(query.after)),
    leaf("UploadIdMarker", afterId ?? ""),
    ...next,
    ...listHead(request, query, page.truncated, "MaxUploads"),
  ];
  const groups = commonPrefixes(request, page);
  return xmlAnswer(document("ListMultipartUploadsResult", ...head, ...rows, ...groups));
}

/** GET /bucket/key?uploadId=… */
export function listParts(context: Context): Answer {
  const { request } = context;
  const { bucket, upload } = openUpload(context);
  const limit = limitOf(request, "max-parts");
  const after = limitOf(request, "part-number-marker", 0, 10_000);
  const left = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const shown = left.slice(0, limit);
  const last = shown.at(-1)?.[0] ?? after;
  const rows = shown.map(([number, { etag, body, modifiedMs }]) =>
    element(
      "Part",
      leaf("PartNumber", number),
      leaf("LastModified", isoDate(modifiedMs)),
      leaf("ETag", etag),
      leaf("Size", body.length),
    ),
  );
  const head = [
    leaf("Bucket", bucket.name),
    leaf("Key", upload.key),
    leaf("UploadId", upload.uploadId),
    ...ownership(context, upload),
    leaf("PartNumberMarker", after),
    leaf("NextPartNumberMarker", last),
    leaf("MaxParts", limit),
    leaf("IsTruncated", left.length > shown.length && limit > 0),
  ];
  return xmlAnswer(document("ListPartsResult", ...head, ...rows));
}

function ownership(context: Context, { headers }: Upload): string[] {
  const owner = bucketOwner(context);
  const storageClass = headers["x-amz-storage-class"] ?? "STANDARD";
  return [ownerXml(owner, "Initiator"), ownerXml(owner), leaf("StorageClass", storageClass)];
}
