import { ServiceError } from "../errors";
import type { ServiceRequest } from "../http/request";

/** The settings with which clients send unchunked bodies. `docs/emulator.md` has the table. */
const fixes = [
  "AWS CLI and SDKs: AWS_REQUEST_CHECKSUM_CALCULATION=when_required",
  'boto3: Config(request_checksum_calculation="when_required")',
  'AWS SDK for JavaScript: requestChecksumCalculation: "WHEN_REQUIRED"',
  "mc: --api S3v2",
  "others: Signature Version 2, or a setting for unsigned or unchunked payloads",
];

/**
 * Refuses signed chunks and trailing checksums. Guides of services on the same software do not support them either.
 *
 * @throws ServiceError NotImplemented that names the settings of clients
 */
export function refuseChunks({ headers }: ServiceRequest): void {
  const header = chunkHeader(headers);
  if (header === undefined) return;
  const message = `Uploads in signed chunks or with trailing checksums (${header}) are not supported, as on the service`;
  throw new ServiceError("NotImplemented", `${message}. ${fixes.join("; ")}`);
}

/** The header that announces chunks. */
function chunkHeader(headers: ServiceRequest["headers"]): string | undefined {
  const hash = headers.get("x-amz-content-sha256");
  if (hash?.startsWith("STREAMING-")) return `x-amz-content-sha256: ${hash.slice(0, 60)}`;
  const encoding = headers.get("content-encoding");
  if (encoding?.toLowerCase().includes("aws-chunked")) return "Content-Encoding: aws-chunked";
  const names = ["x-amz-trailer", "x-amz-decoded-content-length"];
  return names.find((name) => headers.has(name));
}
