import { useProject } from "./harness";
import { installPythonSdk } from "./sdks";
import { acme, guest, itManagesTenants } from "./story";

const program = `
import pulumi
import pulumi_ostor as ostor

acme = ostor.User("acme", email_address="${acme}")
key = ostor.AccessKey("acme-key", user=acme.email_address)
guest = ostor.User("guest", email_address="${guest}", state=ostor.UserStateName.ENABLED)
ostor.AccessKey("guest-key", user=guest.email_address)
pulumi.export("userId", acme.user_id)
pulumi.export("found", ostor.get_user_output(email_address=acme.id).user_id)
pulumi.export("secretAccessKey", key.secret_access_key)
`;

describe("a program in Python", () => {
  const used = useProject("python", ["python", "codegen"]);
  before(async () => {
    await installPythonSdk(used);
    used.project.program(program);
  });
  itManagesTenants(used);
});
