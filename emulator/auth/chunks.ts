import { ServiceError } from "../errors";
import type { ServiceRequest } from "../http/request";

/** What to set so that a client sends its bodies whole; `docs/emulator.md` has the table. */
const fixes = [
  "AWS CLI and SDKs: AWS_REQUEST_CHECKSUM_CALCULATION=when_required",
  'boto3: Config(request_checksum_calculation="when_required")',
  'AWS SDK for JavaScript: requestChecksumCalculation: "WHEN_REQUIRED"',
  "mc: --api S3v2",
  "others: Signature Version 2, or a setting for unsigned or unchunked payloads",
];

/**
 * Refuses bodies in chunks of their own: signed ones, and those with a checksum behind them. Guides of services on
 * the same software say that these aren't supported.
 *
 * @throws ServiceError NotImplemented that names the settings of clients
 */
export function refuseChunks({ headers }: ServiceRequest): void {
  const sign = chunkSign(headers);
  if (sign === undefined) return;
  const what = `Uploads in signed chunks or with trailing checksums (${sign}) are not supported, here as on the service`;
  throw new ServiceError("NotImplemented", `${what}. ${fixes.join("; ")}`);
}

/** The header that announces chunks. */
function chunkSign(headers: ServiceRequest["headers"]): string | undefined {
  const hash = headers.get("x-amz-content-sha256");
  if (hash?.startsWith("STREAMING-")) return `x-amz-content-sha256: ${hash.slice(0, 60)}`;
  const encoding = headers.get("content-encoding");
  if (encoding?.toLowerCase().includes("aws-chunked")) return "Content-Encoding: aws-chunked";
  const names = ["x-amz-trailer", "x-amz-decoded-content-length"];
  return names.find((name) => headers.has(name));
}
