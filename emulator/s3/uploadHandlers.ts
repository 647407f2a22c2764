import { z } from "zod";

import { type Bucket, currentObject, type Upload } from "../bucketTable";
import type { Context } from "../context";
import { ServiceError } from "../errors";
import { type Answer, emptyAnswer, xmlAnswer } from "../http/answer";
import { parameter } from "../http/request";
import { completeUpload as complete, startUpload, storePart } from "../uploads";
import { ownBucket } from "./access";
import { aclHeader } from "./aclHandlers";
import { checkWriteConditions } from "./conditions";
import { copySource } from "./copySource";
import { checkKey, checkUpload, keptHeaders } from "./objectHandlers";
import { exactPiece } from "./ranges";
import { versionHeader } from "./readHandlers";
import { resourceOf } from "./resource";
import { document, isoDate, leaf, malformed, parseXml } from "./xml";

const completion = z.object({
  CompleteMultipartUpload: z.object({
    Part: z
      .array(
        z.object({
          PartNumber: z.string().regex(/^\s*\d{1,5}\s*$/),
          ETag: z.string(),
        }),
      )
      .min(1)
      .max(10_000),
  }),
});

/** POST /bucket/key?uploads */
export function createMultipartUpload(context: Context): Answer {
  const { service, request } = context;
  const bucket = ownBucket(context);
  const { key } = resourceOf(request);
  checkKey(key);
  const like = { headers: keptHeaders(request), acl: aclHeader(request) };
  const { uploadId } = startUpload(service, bucket, key, like);
  const facts = [leaf("Bucket", bucket.name), leaf("Key", key), leaf("UploadId", uploadId)];
  return xmlAnswer(document("InitiateMultipartUploadResult", ...facts));
}

/** PUT /bucket/key?partNumber=1&uploadId=… */
export function uploadPart(context: Context): Answer {
  const { service, request } = context;
  const { upload } = openUpload(context);
  const number = partNumber(context);
  checkUpload(request);
  const { etag } = storePart(service, upload, number, request.body);
  return emptyAnswer(200, { ETag: etag });
}

/** The same with `x-amz-copy-source`: the whole source or a range. */
export function uploadPartCopy(context: Context): Answer {
  const { upload } = openUpload(context);
  const number = partNumber(context);
  const { version, headers } = copySource(context);
  const range = context.request.headers.get("x-amz-copy-source-range");
  const body = range === undefined ? version.body : exactPiece(version.body, range);
  const { etag, modifiedMs } = storePart(context.service, upload, number, body);
  const facts = [leaf("LastModified", isoDate(modifiedMs)), leaf("ETag", etag)];
  return xmlAnswer(document("CopyPartResult", ...facts), headers);
}

/** POST /bucket/key?uploadId=… */
export function completeMultipartUpload(context: Context): Answer {
  const { service, request } = context;
  const { bucket, upload } = openUpload(context);
  const parsed = completion.safeParse(parseXml(request.body));
  if (!parsed.success) throw malformed();
  checkWriteConditions(request.headers, currentObject(bucket, upload.key));
  const named = parsed.data.CompleteMultipartUpload.Part.map(({ PartNumber, ETag }) => {
    return { number: Number(PartNumber), etag: ETag };
  });
  const version = complete(service, bucket, upload, named);
  const facts = [
    leaf("Location", `http://${request.headers.get("host") ?? ""}${request.rawPath}`),
    leaf("Bucket", bucket.name),
    leaf("Key", upload.key),
    leaf("ETag", version.etag),
  ];
  const headers = versionHeader(bucket, version);
  return xmlAnswer(document("CompleteMultipartUploadResult", ...facts), headers);
}

/** DELETE /bucket/key?uploadId=… */
export function abortMultipartUpload(context: Context): Answer {
  const { bucket, upload } = openUpload(context);
  context.service.buckets.removeUpload(bucket, upload);
  return emptyAnswer(204);
}

/** The upload of a request. @throws ServiceError NoSuchUpload, also for an upload of another key */
export function openUpload(context: Context): { bucket: Bucket; upload: Upload } {
  const bucket = ownBucket(context);
  const { key } = resourceOf(context.request);
  const uploadId = parameter(context.request, "uploadId") ?? "";
  const upload = bucket.uploads.get(uploadId);
  if (upload?.key === key) return { bucket, upload };
  const message = `The upload ${uploadId} of ${key} does not exist; it was completed, aborted or never started`;
  throw new ServiceError("NoSuchUpload", message);
}

function partNumber({ request }: Context): number {
  const text = parameter(request, "partNumber") ?? "";
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= 1 && number <= 10_000) return number;
  throw new ServiceError("InvalidArgument", "partNumber must be a whole number from 1 to 10000");
}
