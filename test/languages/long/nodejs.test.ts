import { useProject } from "../harness";
import { compileTypeScript } from "../sdks";
import { acme, guest, itManagesTenants } from "../story";

const programWith = (sdk: string) => `
const ostor = require(${JSON.stringify(sdk)});

const acme = new ostor.User("acme", { emailAddress: "${acme}" });
const key = new ostor.AccessKey("acme-key", { user: acme.emailAddress });
const guest = new ostor.User("guest", { emailAddress: "${guest}" });
new ostor.AccessKey("guest-key", { user: guest.emailAddress });
exports.userId = acme.userId;
exports.found = ostor.getUserOutput({ emailAddress: acme.id }).userId;
exports.secretAccessKey = key.secretAccessKey;
`;

describe("a program in JavaScript with the generated SDK", () => {
  const used = useProject("nodejs", ["codegen"]);
  before(async () => {
    used.project.program(programWith(await compileTypeScript(used)));
  });
  itManagesTenants(used);
});
