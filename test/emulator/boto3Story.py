"""What an owner does with boto3: the arguments are endpoint, key pair and signature version."""

import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, key_id, secret, version = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    aws_access_key_id=key_id,
    aws_secret_access_key=secret,
    region_name="us-east-1",
    config=Config(signature_version=version, s3={"addressing_style": "path"}),
)
keys = ["a/ü +x.txt", "a/%2F&=?.txt", "b"]

s3.create_bucket(Bucket="inventory")
for key in keys:
    s3.put_object(Bucket="inventory", Key=key, Body=key.encode())
for key in keys:
    assert s3.get_object(Bucket="inventory", Key=key)["Body"].read() == key.encode()
    assert s3.head_object(Bucket="inventory", Key=key)["ContentLength"] == len(key.encode())

pages = s3.get_paginator("list_objects_v2").paginate(
    Bucket="inventory", PaginationConfig={"PageSize": 1}
)
assert sorted(o["Key"] for page in pages for o in page["Contents"]) == sorted(keys)
groups = s3.list_objects(Bucket="inventory", Delimiter="/")
assert [g["Prefix"] for g in groups["CommonPrefixes"]] == ["a/"]
assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["inventory"]

try:
    s3.delete_bucket(Bucket="inventory")
    raise AssertionError("a full bucket was deleted")
except ClientError as error:
    assert error.response["Error"]["Code"] == "BucketNotEmpty", error

s3.delete_objects(Bucket="inventory", Delete={"Objects": [{"Key": key} for key in keys]})
s3.delete_bucket(Bucket="inventory")
print("done")
