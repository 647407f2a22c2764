const ostor = require("pulumi-ostor");

const acme = new ostor.User("acme", { emailAddress: "acme@storage.example" });
const key = new ostor.AccessKey("acme-app", { user: acme });

new ostor.User("initech", { emailAddress: "initech@storage.example", state: "disabled" });

exports.accessKeyId = key.accessKeyId;
exports.secretAccessKey = key.secretAccessKey;
