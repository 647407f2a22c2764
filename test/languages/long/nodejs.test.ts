import { useProject } from "../harness";
import { compileTypeScript } from "../sdks";
import { acme, guest, itManagesTenants } from "../story";

const programWith = (sdk: string) => `
const ostor = require(${JSON.stringify(sdk)});

const userWithKey = (name, emailAddress) => {
  const user = new ostor.User(name, { emailAddress });
  const key = new ostor.AccessKey(name + "-key", { user: user.emailAddress, userId: user.userId });
  return { user, key };
};
const { user: acme, key } = userWithKey("acme", "${acme}");
userWithKey("globex", "${guest}");
const initech = new ostor.User("initech", { emailAddress: "initech@storage.example" });
const user = initech.emailAddress;
const keys = new ostor.RotatingAccessKey("initech-keys", { user, generation: 0 });
exports.currentAccessKeyId = keys.accessKeyId;
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
