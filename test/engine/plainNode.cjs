// The language host that this project builds reads no options of Pulumi.yaml: it would load TypeScript for programs in
// JavaScript too. A current host does what this file does, for `typescript: false`.
delete process.env["PULUMI_NODEJS_TYPESCRIPT"];
require("@pulumi/pulumi/cmd/run");
