import * as pulumi from "@pulumi/pulumi";

/**
 * A value if it is secret, else nothing. The engine encrypts an output whose name an encrypted input has: sent as an input
 * under the name of an output that repeats it, a secret value stays one there. Otherwise nothing is sent or stored.
 */
export async function ifSecret<T>(
  value: pulumi.Input<T> | undefined,
): Promise<pulumi.Output<T> | undefined> {
  const output = pulumi.output(value) as pulumi.Output<T>;
  // A value that fails is sent under its own name too, and fails the registration there.
  const isSecret = await pulumi.isSecret(output).catch(() => false);
  return isSecret ? output : undefined;
}
