import type { NetworkError } from "./errors";
import { certificateFault } from "./networkFailure";
import type { ProxyError } from "./proxy";
import { commands, longer } from "../settings/commands";
import { authoritiesIn, type SettingName } from "../settings/names";
import type { Settings } from "../settings/settings";

/** What fixes a failed connection. */
export function networkHint(error: NetworkError, settings: Settings | undefined): string {
  const change = (name: SettingName) => commands(settings, [name]);
  switch (error.failure) {
    case "unreachable":
      return `check the endpoint${change("endpoint")}`;
    case "certificate":
      return certificateHint(error.code, settings ?? {}, change);
    case "timeout":
      return `try again${longer(settings, "timeoutSeconds", "; if the service is that slow, allow an attempt more time")}`;
    case "deadline":
      return `try again${longer(settings, "deadlineSeconds", "; if the service is that slow, allow an operation more time")}`;
    case "cut":
      return "the connection was lost: try again";
    case "proxy":
      return error.proxy ? proxyHint(error.proxy, settings?.endpoint) : "check the proxy";
  }
}

function certificateHint(
  code: string,
  authorities: Pick<Settings, "caFile" | "caPem"> | Record<string, never>,
  change: (name: SettingName) => string,
): string {
  const { caFile, caPem } = authorities;
  const holder = authoritiesIn(authorities);
  switch (certificateFault(code)) {
    case "ended":
      return "check the endpoint's certificate: have it renewed, if this machine's clock is right";
    case "early":
      return "check this machine's clock, which may be behind, and the endpoint's certificate";
    case "name":
      return `check the endpoint: its host must be a name of the certificate${change("endpoint")}`;
    case "issuer":
      return caFile === undefined && caPem === undefined
        ? `have the server send its whole certificate chain, or trust who signed its certificate${change(holder)}`
        : `the server does not send its intermediate certificate, or ${holder} holds other authorities: have the server send its whole chain, or add the missing certificate to ${holder}${change(holder)}`;
    case "authority":
      return `check the endpoint, or trust who signed its certificate${change(holder)}`;
  }
}

/** What fixes a proxy, which no setting of this package names. */
export function proxyHint({ variable, failure }: ProxyError, endpoint = ""): string {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : "the endpoint's host";
  const fixes: Record<ProxyError["failure"], string> = {
    variable: `set ${variable} to an address such as http://proxy.example.com:3128`,
    credentials: `give user and password in ${variable}: http://<user>:<password>@<host>:<port>`,
    refused: `have the proxy allow CONNECT to ${host}`,
    certificate: "trust who signed the proxy's certificate: set NODE_EXTRA_CA_CERTS",
    unreachable: `check the proxy and ${variable}`,
  };
  return `${fixes[failure]}; or, if no proxy is needed there, add ${host} to NO_PROXY`;
}
