import { failure, type Message } from "../text/message";

/** What a life cycle's `check` found: the property, and what is wrong with it. */
export const invalidProperty = (reason: string) => failure("invalid-property", reason);

export const adoptByImport = (type: string) =>
  failure(
    "adopt-by-import",
    `adopt: ${type} does not have this property; to adopt an existing object, use the import option or pulumi import`,
  );

/** A name in the configuration that is no setting. */
export const unknownSetting = (described: string): Message => ({
  code: "unknown-setting",
  text: described,
});

export const misspeltSetting = (described: string, written: string, isExplicit: boolean) =>
  failure(
    "unknown-setting",
    isExplicit ? described : `${described} To remove: pulumi config rm ${written}`,
  );

export const unknownType = (type: string) =>
  failure("unknown-type", `${type}: this version of the plugin does not have this type`);

export const unknownArgument = (name: string, known: readonly string[]) =>
  failure(
    "wrong-arguments",
    known.length === 0
      ? `${name}: unknown argument; the function has none`
      : `${name}: unknown argument; known are ${known.join(", ")}`,
  );

export const notText = (name: string) => failure("wrong-arguments", `${name} must be a text`);

/** A preview reads the cluster as it is. */
export const notFoundInPreview = (text: string, code: string) =>
  failure(
    code,
    `${text}; if this program creates it, give an output that is known only afterwards, such as its id`,
  );
