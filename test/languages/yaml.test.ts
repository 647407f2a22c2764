import { useProject } from "./harness";
import { acme, guest, itManagesTenants } from "./story";

const program = `
variables:
  found:
    fn::invoke: { function: ostor:getUser, arguments: { emailAddress: "\${acme.id}" } }
resources:
  acme: { type: ostor:User, properties: { emailAddress: ${acme} } }
  acme-key: { type: ostor:AccessKey, properties: { user: "\${acme.emailAddress}" } }
  guest: { type: ostor:User, properties: { emailAddress: ${guest} } }
  guest-key: { type: ostor:AccessKey, properties: { user: "\${guest.emailAddress}" } }
outputs:
  userId: \${acme.userId}
  found: \${found.userId}
  secretAccessKey: \${acme-key.secretAccessKey}
`;

describe("a program in YAML", () => {
  const used = useProject("yaml", ["yaml"]);
  before(() => {
    used.project.program(program);
  });
  itManagesTenants(used);
});
