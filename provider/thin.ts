import type * as pulumi from "@pulumi/pulumi";
import type { Providers } from "./index";

/**
 * One of the providers as functions that look the real one up when called. So it can also be handed to
 * `pulumi.dynamic.Resource`, whose serializer would else copy the package's code into each resource's state.
 */
export function thin(name: keyof Providers): Required<pulumi.dynamic.ResourceProvider> {
  return {
    configure: (request) => load(name).configure(request),
    check: (olds, news) => load(name).check(olds, news),
    diff: (id, olds, news) => load(name).diff(id, olds, news),
    create: (inputs) => load(name).create(inputs),
    read: (id, state) => load(name).read(id, state),
    update: (id, olds, news) => load(name).update(id, olds, news),
    delete: (id, state) => load(name).delete(id, state),
  };
}

function load(name: keyof Providers): Providers[keyof Providers] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- this line is what gets serialized
  const { providers } = require("pulumi-ostor/provider") as { providers: Providers };
  return providers[name];
}
