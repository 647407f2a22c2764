import * as pulumi from "@pulumi/pulumi";

/**
 * A value if it is secret, else undefined. The engine encrypts an output if the input of the same name is secret. So a secret
 * argument is also sent under the name of the output that repeats it.
 */
export async function ifSecret<T>(
  value: pulumi.Input<T> | undefined,
): Promise<pulumi.Output<T> | undefined> {
  const output = pulumi.output(value) as pulumi.Output<T>;
  // A rejected value fails the registration under its own name.
  const isSecret = await pulumi.isSecret(output).catch(() => false);
  return isSecret ? output : undefined;
}
