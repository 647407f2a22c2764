import * as ostor from "pulumi-ostor";

// #region usePlugin
ostor.usePlugin();
new ostor.User("acme", { emailAddress: "ops@acme.example" });
// #endregion usePlugin
