import assert from "node:assert/strict";

import { createEmulator, type Emulator } from "../../../emulator";
import { firstKey, s3Curl } from "../client";

const address = "client@example.com";

describe("uploads in signed chunks or with trailing checksums", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = createEmulator();
    await emulator.start();
    emulator.cluster.createUser(address);
    emulator.cluster.createBucket("data", address);
  });
  after(() => emulator.stop());

  const announcements: Record<string, string>[] = [
    { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" },
    { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" },
    { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" },
    { "x-amz-trailer": "x-amz-checksum-crc32" },
    { "x-amz-decoded-content-length": "4" },
    { "Content-Encoding": "aws-chunked" },
    { "Content-Encoding": "gzip,aws-chunked" },
  ];
  for (const headers of announcements) {
    const [[name, value] = ["", ""]] = Object.entries(headers);
    for (const target of ["/data/a", "/data/a?partNumber=1&uploadId=1"]) {
      it(`are refused with ${name}: ${value} for ${target}, and the response names the settings of clients`, async () => {
        const credentials = firstKey(emulator, address);
        const body = "4\r\ntext\r\n0\r\n\r\n";
        const reply = await s3Curl(emulator, "PUT", "", {
          ...{ resource: target, credentials, headers, body },
        });
        assert.equal(reply.status, 501);
        const message = String(reply.headers["x-amz-err-message"]);
        assert.ok(message.includes(name), message);
        for (const fix of [
          "AWS_REQUEST_CHECKSUM_CALCULATION=when_required",
          'Config(request_checksum_calculation="when_required")',
          'requestChecksumCalculation: "WHEN_REQUIRED"',
          "mc: --api S3v2",
        ]) {
          assert.ok(message.includes(fix), message);
          assert.ok(reply.body.includes(fix.replaceAll('"', "&quot;")), reply.body);
        }
        assert.deepEqual(emulator.cluster.buckets()[0]?.objects, []);
      });
    }
  }
});
