import { version } from "../../text/version";
import { accessKey } from "./accessKey";
import { bucket } from "./bucket";
import { functions, resultTypes } from "./functions";
import { rotatingAccessKey } from "./rotatingAccessKey";
import { requiredSettings, settings } from "./settings";
import { user } from "./user";

const types = {
  "ostor:index:UserStateName": {
    type: "string",
    description: "Whether a user has access to the cluster.",
    enum: [{ value: "enabled" }, { value: "disabled" }],
  },
  "ostor:index:ReplaceOrder": {
    type: "string",
    description: "The order in which a key is replaced.",
    enum: [{ value: "create-first" }, { value: "delete-first" }],
  },
  ...resultTypes,
} as const;

/** What the plugin offers, in the form from which SDKs are generated and programs are checked. */
export const schema = {
  name: "ostor",
  displayName: "ostor",
  version,
  description:
    "Tenants of an ostor S3 cluster (Acronis Cyber Infrastructure, Virtuozzo Infrastructure) as Pulumi resources",
  keywords: ["pulumi", "ostor", "s3", "category/cloud", "kind/native"],
  license: "Apache-2.0",
  meta: { moduleFormat: "(.*)" },
  language: {
    // Not pulumi-ostor: that is the package with the classes.
    nodejs: { packageName: "@pulumi-ostor/sdk", respectSchemaVersion: true },
    python: {
      packageName: "pulumi_ostor",
      respectSchemaVersion: true,
      pyproject: { enabled: true },
    },
    go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
    csharp: { respectSchemaVersion: true },
  },
  config: { variables: settings, defaults: requiredSettings },
  provider: {
    description: "The settings of one cluster.",
    inputProperties: settings,
    requiredInputs: requiredSettings,
  },
  types,
  resources: {
    "ostor:index:User": withAlias("User", user),
    "ostor:index:AccessKey": withAlias("AccessKey", accessKey),
    "ostor:index:RotatingAccessKey": withAlias("RotatingAccessKey", rotatingAccessKey),
    "ostor:index:Bucket": withAlias("Bucket", bucket),
  },
  functions,
};

/** A stack that the dynamic provider created moves by its type alone. */
function withAlias<T extends object>(name: string, resource: T) {
  return { ...resource, aliases: [{ type: `pulumi-nodejs:dynamic/ostor:${name}` }] };
}
