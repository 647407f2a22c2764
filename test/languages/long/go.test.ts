import { useProject } from "../harness";
import { compileGo } from "../sdks";
import { acme, guest, itManagesTenants } from "../story";

const program = `
package main

import (
	"example.com/pulumi-ostor/sdk/go/ostor"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func tenant(ctx *pulumi.Context, name, address string) (*ostor.User, *ostor.AccessKey, error) {
	user, err := ostor.NewUser(ctx, name, &ostor.UserArgs{EmailAddress: pulumi.String(address)})
	if err != nil {
		return nil, nil, err
	}
	key, err := ostor.NewAccessKey(ctx, name+"-key", &ostor.AccessKeyArgs{User: user.EmailAddress})
	return user, key, err
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		acme, key, err := tenant(ctx, "acme", "${acme}")
		if err != nil {
			return err
		}
		if _, _, err := tenant(ctx, "guest", "${guest}"); err != nil {
			return err
		}
		address := acme.ID().ToStringOutput().ToStringPtrOutput()
		found := ostor.LookupUserOutput(ctx, ostor.LookupUserOutputArgs{EmailAddress: address})
		ctx.Export("userId", acme.UserId)
		ctx.Export("found", found.UserId())
		ctx.Export("secretAccessKey", key.SecretAccessKey)
		return nil
	})
}
`;

describe("a program in Go", () => {
  const used = useProject("go", ["go", "codegen"]);
  before(async function () {
    this.timeout(600_000);
    await compileGo(used, program);
  });
  itManagesTenants(used);
});
