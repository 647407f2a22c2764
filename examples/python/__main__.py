import pulumi
import pulumi_ostor as ostor


def user(name: str) -> ostor.User:
    return ostor.User(
        name,
        email_address=f"{name}@storage.example",
        opts=pulumi.ResourceOptions(delete_before_replace=True),
    )


def key(name: str, owner: ostor.User) -> ostor.AccessKey:
    return ostor.AccessKey(
        name,
        user=owner.email_address,
        user_id=owner.user_id,
        # Deleted with its user, and never before: if the deletion of the user is refused, its key still works.
        opts=pulumi.ResourceOptions(deleted_with=owner),
    )


acme = user("acme")
acme_key = key("acme-key", acme)

globex = user("globex")
key("globex-key", globex)

initech = user("initech")
# A higher number rotates once. The key that was current keeps working until the next rotation.
initech_keys = ostor.RotatingAccessKey(
    "initech-keys",
    user=initech.email_address,
    user_id=initech.user_id,
    generation=0,
    opts=pulumi.ResourceOptions(deleted_with=initech),
)

pulumi.export("userId", acme.user_id)
pulumi.export("found", ostor.get_user_output(email_address=acme.id).user_id)
pulumi.export("secretAccessKey", acme_key.secret_access_key)
pulumi.export("currentAccessKeyId", initech_keys.access_key_id)
