import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import ts from "typescript-eslint";

/** Which rooms a room may not import, and why. */
function closed(patterns) {
  return {
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

const engineInProvider = {
  regex: "^@pulumi/",
  allowTypeImports: true,
  message:
    "provider/ holds plain functions on JSON, without an engine: two front doors serve them.",
};
const engineInPlugin = {
  regex: "^@pulumi/(?!pulumi/proto/)",
  allowTypeImports: true,
  message:
    "The plugin uses the generated code of the engine's protocol, and nothing else of the SDK.",
};
const sdkElsewhere = {
  regex: "(^|/)sdk(/|$)",
  message: "Only programs import sdk/; the arrows go examples -> sdk -> provider.",
};
const emulatorElsewhere = {
  regex: "(^|/)emulator(/|$)",
  message: "emulator/ is written from the facts a second time: sharing code would share mistakes.",
};

export default ts.config(
  { ignores: ["dist", "site", "node_modules", "**/node_modules", "test/fixtures"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json" } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      // `const { secret, ...rest } = bag` is the plain way to leave a property out.
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      // Numbers in messages read better than String(number) around each of them.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Resources are declared for their effect: `new ostor.User(...)` is a whole statement.
      "no-new": "off",
    },
  },
  {
    files: ["**/*.mjs", "**/*.cjs", "**/*.js"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        setTimeout: "readonly",
        performance: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
        AbortController: "readonly",
        URL: "readonly",
        require: "readonly",
        module: "writable",
        exports: "writable",
        clearTimeout: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
        Buffer: "readonly",
        __dirname: "readonly",
      },
    },
  },
  {
    files: ["provider/**/*.ts", "sdk/**/*.ts", "cli/**/*.ts", "emulator/**/*.ts"],
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        { publicOnly: true, contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration"] },
      ],
    },
  },
  { files: ["provider/**/*.ts"], ...closed([engineInProvider, sdkElsewhere, emulatorElsewhere]) },
  {
    files: ["provider/plugin/**/*.ts"],
    ...closed([engineInPlugin, sdkElsewhere, emulatorElsewhere]),
  },
  { files: ["cli/**/*.ts"], ...closed([sdkElsewhere, emulatorElsewhere]) },
  {
    files: ["sdk/**/*.ts"],
    ...closed([
      emulatorElsewhere,
      {
        regex: "^(pulumi-ostor|\\.\\.)/provider",
        allowTypeImports: true,
        message:
          "Load the provider by package name at run time: it stays out of the program until needed.",
      },
    ]),
  },
  {
    files: ["emulator/**/*.ts"],
    ...closed([
      sdkElsewhere,
      { regex: "(^|/)provider(/|$)", message: emulatorElsewhere.message },
      {
        regex: "^aws4$",
        message: "The emulator checks signatures with code the signer doesn't share.",
      },
    ]),
  },
  {
    files: ["test/**/*.ts", "examples/**/*.test.ts"],
    rules: {
      // mocha's describe and it return suites nobody awaits.
      "@typescript-eslint/no-floating-promises": "off",
    },
  },
  // `npm run check` checks the types of tests. What only the linter sees of them takes half of its time.
  process.env.PULUMI_OSTOR_TEST_ALL
    ? {}
    : { files: ["test/**/*.ts"], ...ts.configs.disableTypeChecked },
);
