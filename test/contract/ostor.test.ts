import { createEmulator } from "../../emulator";
import { collectSettings } from "../../provider/settings/settings";
import { openArea, settingsFrom } from "./area";
import { describeContract } from "./suite";
import { generations, switches, type Variant } from "./variants";

/** The cluster of `OSTOR_ENDPOINT` and its credentials. */
function describeRealCluster(): void {
  describe("the service that OSTOR_ENDPOINT names", () => {
    describeContract(() => {
      const settings = settingsFrom(collectSettings(() => undefined));
      return Promise.resolve(openArea(settings, 250));
    });
  });
}

function describeVariant({ name, assumptions, settings = {} }: Variant): void {
  describe(`a service with ${name}`, () => {
    const emulator = createEmulator({ seed: 1, assumptions });
    describeContract(async () => {
      await emulator.start();
      const { endpoint, credentials } = emulator;
      return openArea(settingsFrom({ endpoint, ...credentials, ...settings }), 2);
    });
    after(() => emulator.stop());
  });
}

if (process.env["OSTOR_ENDPOINT"] === undefined) {
  describeVariant({ name: "the defaults", assumptions: {} });
  for (const variant of [...generations, ...switches]) describeVariant(variant);
} else {
  describeRealCluster();
}
