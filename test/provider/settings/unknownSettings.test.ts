import assert from "node:assert/strict";
import { environmentName } from "../../../provider/settings/names";
import { settingNames } from "../../../provider/settings/names";
import {
  misspeltVariables,
  unknownArguments,
  unknownKeys,
} from "../../../provider/settings/unknownSettings";

const misspellings = {
  maxRetry: "maxRetries",
  max_retries: "maxRetries",
  MaxConcurrency: "maxConcurrency",
  retries: "maxRetries",
  timeout: "timeoutSeconds",
  deadline: "deadlineSeconds",
  regoin: "region",
  "ca-file": "caFile",
  cafile: "caFile",
  endPoint: "endpoint",
  endpointUrl: "endpoint",
  accessKey: "accessKeyId",
  secretKey: "secretAccessKey",
  signatureversion: "signatureVersion",
  insecured: "insecure",
};

describe("names that are not settings", () => {
  it("do not include the settings", () => {
    assert.deepEqual(unknownKeys(settingNames.map((name) => `ostor:${name}`)), []);
    assert.deepEqual(unknownArguments(settingNames), []);
    assert.deepEqual(misspeltVariables(settingNames.map(environmentName)), []);
  });

  for (const [written, meant] of Object.entries(misspellings)) {
    it(`suggest ${meant} for ${written}`, () => {
      assert.deepEqual(unknownKeys([`ostor:${written}`]), [
        { written: `ostor:${written}`, meant: `ostor:${meant}` },
      ]);
      assert.deepEqual(unknownArguments([written]), [{ written, meant }]);
    });
  }

  it("are ignored under another namespace", () => {
    assert.deepEqual(unknownKeys(["aws:regoin", "project:maxRetry", "ostorage:region"]), []);
    assert.deepEqual(misspeltVariables(["PATH", "OSTOR_CHECKOUT", "OSTOR_TEST_RUNS"]), []);
  });

  it("suggest nothing if no setting is similar", () => {
    assert.deepEqual(unknownKeys(["ostor:tenants"]), [
      { written: "ostor:tenants", meant: undefined },
    ]);
  });

  it("suggest a variable for a variable", () => {
    assert.deepEqual(misspeltVariables(["OSTOR_MAX_RETRY"]), [
      { written: "OSTOR_MAX_RETRY", meant: "OSTOR_MAX_RETRIES" },
    ]);
  });
});
