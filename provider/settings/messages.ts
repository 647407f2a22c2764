import { failure } from "../text/message";

export const settingsUnknown = () =>
  failure("settings-unknown", "the settings of ostor are not known yet");
