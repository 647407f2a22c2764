import { longerLimit, setCommands, toDialect, toEndpoint } from "../settings/commands";
import { authoritiesIn, type SettingName } from "../settings/names";
import type { Settings } from "../settings/settings";
import type { NetworkError } from "./errors";
import { certificateFault } from "./networkFailure";
import type { ProxyError } from "./proxy";

type Known = Settings | undefined;

export const setClock = () =>
  "the clocks of this machine and of the service differ too much: set this machine's clock";

/** If one signature version is forced, the service may accept only the other one. */
export function checkCredentials(settings: Known): string {
  const credentials = setCommands(settings, ["accessKeyId", "secretAccessKey"]);
  const check = `check the credentials of a system user${credentials}`;
  if (!settings || settings.signatureVersion === "auto") return check;
  const change = setCommands(settings, ["signatureVersion"], "auto");
  return `${check}; signatureVersion is ${settings.signatureVersion}: auto finds the right one${change}`;
}

export const checkService = (settings: Known) =>
  `no ostor service answers that; check the endpoint${setCommands(settings, ["endpoint"])}`;

export const useRedirect = (settings: Known, target: string) =>
  `if that is the cluster: ${toEndpoint(settings, target)}`;

export const useOtherDialect = (settings: Settings) =>
  settings.dialect === "post"
    ? `releases 2.x take keys by PUT; for such a release${toDialect(settings, "put")}`
    : `only releases 2.x take keys by PUT; for another release${toDialect(settings, "post")}`;

/** @param seconds - what the service asks to wait, and one attempt */
export const waitLonger = (settings: Settings, seconds: number) =>
  `that is longer than one operation may take: try again later${longerLimit(settings, "deadlineSeconds", ", or allow more", seconds)}`;

export const sendLess = () => "too many requests: try again later, or lower maxConcurrency";

export const tryLater = () => "the service has a problem: try again later";

/** What fixes a failed connection. */
export function networkFix(error: NetworkError, settings: Known): string {
  switch (error.failure) {
    case "unreachable":
      return `check the endpoint${setCommands(settings, ["endpoint"])}`;
    case "certificate":
      return certificateFix(error.code, settings);
    case "timeout":
      return `try again${longerLimit(settings, "timeoutSeconds", "; if the service is that slow, allow an attempt more time")}`;
    case "deadline":
      return `try again${longerLimit(settings, "deadlineSeconds", "; if the service is that slow, allow an operation more time")}`;
    case "cut":
      return "the connection was lost: try again";
    case "proxy":
      return error.proxy ? proxyFix(error.proxy, settings?.endpoint) : "check the proxy";
  }
}

function certificateFix(code: string, settings: Known): string {
  const setting = authoritiesIn(settings ?? {});
  const change = (name: SettingName) => setCommands(settings, [name]);
  switch (certificateFault(code)) {
    case "ended":
      return "check the endpoint's certificate: have it renewed, if this machine's clock is right";
    case "early":
      return "check this machine's clock, which may be behind, and the endpoint's certificate";
    case "name":
      return `check the endpoint: its host must be a name of the certificate${change("endpoint")}`;
    case "issuer":
      return settings?.caFile === undefined && settings?.caPem === undefined
        ? `have the server send its whole certificate chain, or trust who signed its certificate${change(setting)}`
        : `the server does not send its intermediate certificate, or ${setting} contains other authorities: have the server send its whole chain, or add the missing certificate to ${setting}${change(setting)}`;
    case "authority":
      return `check the endpoint, or trust who signed its certificate${change(setting)}`;
  }
}

/** What fixes a proxy, which no setting of this package names. */
export function proxyFix({ variable, failure }: ProxyError, endpoint = ""): string {
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
