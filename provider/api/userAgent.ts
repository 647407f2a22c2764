import { version } from "../text/version";

/** Names this package and its version to services, gateways and proxies. */
export const userAgent = `pulumi-ostor/${version}`;
