package main

import (
	"example.com/pulumi-ostor/sdk/go/ostor"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func user(ctx *pulumi.Context, name string) (*ostor.User, error) {
	args := &ostor.UserArgs{EmailAddress: pulumi.String(name + "@storage.example")}
	return ostor.NewUser(ctx, name, args, pulumi.DeleteBeforeReplace(true))
}

func userWithKey(ctx *pulumi.Context, name string) (*ostor.User, *ostor.AccessKey, error) {
	owner, err := user(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	args := &ostor.AccessKeyArgs{User: owner.EmailAddress, UserId: owner.UserId}
	// Deleted with its user, and never before: if the deletion of the user is refused, its key still works.
	key, err := ostor.NewAccessKey(ctx, name+"-key", args, pulumi.DeletedWith(owner))
	return owner, key, err
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		acme, acmeKey, err := userWithKey(ctx, "acme")
		if err != nil {
			return err
		}
		if _, _, err := userWithKey(ctx, "globex"); err != nil {
			return err
		}
		initech, err := user(ctx, "initech")
		if err != nil {
			return err
		}
		// A higher number rotates once. The key that was current keeps working until the next rotation.
		keys, err := ostor.NewRotatingAccessKey(ctx, "initech-keys", &ostor.RotatingAccessKeyArgs{
			User:       initech.EmailAddress,
			UserId:     initech.UserId,
			Generation: pulumi.Int(0),
		}, pulumi.DeletedWith(initech))
		if err != nil {
			return err
		}

		found := ostor.LookupUserOutput(ctx, ostor.LookupUserOutputArgs{
			EmailAddress: acme.ID().ToStringOutput().ToStringPtrOutput(),
		})
		ctx.Export("userId", acme.UserId)
		ctx.Export("found", found.UserId())
		ctx.Export("secretAccessKey", acmeKey.SecretAccessKey)
		ctx.Export("currentAccessKeyId", keys.AccessKeyId)
		return nil
	})
}
