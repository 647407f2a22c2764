/**
 * A provider as in Pulumi's documentation: classes in the program, whose code the engine stores with each resource, and
 * a GET per resource. It signs with V2 and does not handle failures.
 */
export function documentedProgram(tenants: number): string {
  return `
const crypto = require("crypto");
const config = new pulumi.Config("ostor");
const endpoint = config.require("endpoint");
const accessKeyId = config.require("accessKeyId");
const secretAccessKey = config.require("secretAccessKey");

async function call(method, query) {
  const date = new Date().toUTCString();
  const text = [method, "", "", date, "/?ostor-users"].join("\\n");
  const signature = crypto.createHmac("sha1", secretAccessKey).update(text).digest("base64");
  const headers = { Date: date, Authorization: "AWS " + accessKeyId + ":" + signature };
  const response = await fetch(endpoint + "/?ostor-users" + query, { method, headers });
  if (!response.ok) throw new Error(method + " " + query + ": " + response.status);
  const body = await response.text();
  return body === "" ? {} : JSON.parse(body);
}

class UserProvider {
  async create(inputs) {
    const user = await call("PUT", "&emailAddress=" + encodeURIComponent(inputs.emailAddress));
    return { id: user.UserEmail, outs: { ...inputs, userId: user.UserId } };
  }
  async read(id, props) {
    const user = await call("GET", "&emailAddress=" + encodeURIComponent(id));
    return { id, props: { ...props, userId: user.UserId } };
  }
  async delete(id) {
    await call("DELETE", "&emailAddress=" + encodeURIComponent(id));
  }
}

class KeyProvider {
  async create(inputs) {
    const user = "&emailAddress=" + encodeURIComponent(inputs.user);
    const { AWSAccessKeys } = await call("POST", user + "&genKey");
    const [{ AWSAccessKeyId, AWSSecretAccessKey }] = AWSAccessKeys;
    return { id: AWSAccessKeyId, outs: { ...inputs, secretAccessKey: AWSSecretAccessKey } };
  }
  async read(id, props) {
    const user = await call("GET", "&emailAddress=" + encodeURIComponent(props.user));
    const key = user.AWSAccessKeys.find((each) => each.AWSAccessKeyId === id);
    return { id, props: { ...props, secretAccessKey: key.AWSSecretAccessKey } };
  }
  async delete(id, props) {
    await call("POST", "&emailAddress=" + encodeURIComponent(props.user) + "&revokeKey=" + id);
  }
}

class User extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(new UserProvider(), name, { userId: undefined, ...args }, opts);
  }
}

class AccessKey extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(new KeyProvider(), name, { secretAccessKey: undefined, ...args }, opts);
  }
}

for (let i = 0; i < ${tenants}; i += 1) {
  const tenant = new User("t" + i, { emailAddress: "tenant-" + i + "@acme.example" });
  new AccessKey("k" + i, { user: tenant.emailAddress }, { dependsOn: tenant });
}`;
}
