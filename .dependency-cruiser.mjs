/** The rooms of this project, and who may import whom; type imports count. `docs/architecture.md` draws them. */
const rooms = ["run", "resources", "cluster", "api", "settings", "text"];
const doors = ["dynamic", "plugin"];

/** Each room of provider/ imports only the rooms below it. The front doors do not import each other. */
const layers = [
  ...doors.map((door) => layer(door, rooms)),
  ...rooms.map((room, index) => layer(room, rooms.slice(index + 1))),
];

/**
 * @param {string} room
 * @param {string[]} below
 */
function layer(room, below) {
  return {
    name: `provider-${room}`,
    comment: `provider/${room} imports only ${below.join(", ") || "nothing of provider/"}.`,
    severity: "error",
    from: { path: `^provider/${room}/` },
    to: {
      path: "^provider/",
      pathNot: [room, ...below].map((each) => `^provider/${each}/`),
    },
  };
}

/** The name of the package stands for the compiled sdk/. */
const sdk = "(dist/)?sdk/|pulumi-ostor$";

const separate = [
  {
    name: "emulator-alone",
    comment:
      "The emulator is written from the facts a second time: shared code would share mistakes.",
    severity: "error",
    from: { path: "^emulator/" },
    to: { path: `^((provider|cli)/|${sdk})` },
  },
  {
    name: "nothing-ships-the-emulator",
    comment: "Only tests, examples and benchmarks run the emulator.",
    severity: "error",
    from: { path: "^(provider|sdk|cli)/" },
    to: { path: "^emulator/" },
  },
  {
    name: "sdk-above-provider",
    comment: "Only programs import sdk/; the provider and the command line never do.",
    severity: "error",
    from: { path: "^(provider|cli)/" },
    to: { path: `^(${sdk})` },
  },
  {
    name: "cli-below-resources",
    comment:
      "The command line reads a cluster, not resources. Only the export needs to know what a resource accepts and stores.",
    severity: "error",
    from: { path: "^cli/" },
    to: {
      path: "^provider/",
      pathNot: "^provider/((cluster|api|settings|text)/|resources/imported\\.ts$)",
    },
  },
  {
    name: "api-behind-cluster",
    comment:
      "Resources and front doors know no HTTP: of api/ they see only its data types and how to explain a failure.",
    severity: "error",
    from: { path: "^provider/(dynamic|plugin|run|resources)/" },
    to: { path: "^provider/api/", pathNot: "^provider/api/(schemas|explain)\\.ts$" },
  },
  {
    name: "protocol-in-plugin",
    comment: "Of what ships, only the plugin speaks the engine's protocol.",
    severity: "error",
    from: { path: "^(provider|sdk|cli|emulator)/", pathNot: "^provider/plugin/" },
    to: { path: "(^|/)(@pulumi/pulumi/proto/|@grpc/grpc-js|google-protobuf)" },
  },
  {
    name: "provider-without-engine",
    comment:
      "provider/ holds plain functions on JSON: two front doors serve them. Of Pulumi it uses types, and the plugin the protocol.",
    severity: "error",
    from: { path: "^provider/" },
    to: { path: "(^|/)@pulumi/(?!pulumi/proto/)", dependencyTypesNot: ["type-only"] },
  },
  {
    name: "provider-loaded-when-needed",
    comment:
      "sdk/ loads the provider by package name at run time: it stays out of the program until needed.",
    severity: "error",
    from: { path: "^sdk/" },
    to: { path: "^provider/", dependencyTypesNot: ["type-only", "dynamic-import", "require"] },
  },
  {
    name: "emulator-checks-signatures-itself",
    comment: "The emulator checks signatures with code that the signer does not share.",
    severity: "error",
    from: { path: "^emulator/" },
    to: { path: "(^|/)aws4(/|$)" },
  },
];

export default {
  forbidden: [
    {
      name: "no-cycle",
      comment: "Files that import each other can be read only together.",
      severity: "error",
      // `provider/index.ts` loads itself by the name of the package, when it is called: that is what a stack's state names.
      from: { pathNot: "^provider/index\\.ts$" },
      to: { circular: true },
    },
    ...layers,
    ...separate,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: ["node_modules", "^dist/"] },
  },
};
