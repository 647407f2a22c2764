"""What an owner does with boto3. Arguments: "basics" or "parts", and a signature version."""

import os
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

story, version = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["OSTOR_STORY_ENDPOINT"],
    config=Config(
        signature_version=version,
        request_checksum_calculation="when_required",
        s3={"addressing_style": "path"},
    ),
)
keys = ["a/ü +x.txt", "a/%2F&=?.txt", "b"]


def basics():
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


def parts():
    body = os.urandom(11 * 1024 * 1024)
    size = 5 * 1024 * 1024
    config = TransferConfig(multipart_threshold=size, multipart_chunksize=size)
    with open("body", "wb") as file:
        file.write(body)
    s3.upload_file("body", "inventory", "a/body", Config=config)
    s3.download_file("inventory", "a/body", "got", Config=config)
    with open("got", "rb") as file:
        assert file.read() == body
    ranged = s3.get_object(Bucket="inventory", Key="a/body", Range="bytes=5-9")
    assert ranged["Body"].read() == body[5:10]
    s3.copy({"Bucket": "inventory", "Key": "a/body"}, "inventory", "copy", Config=config)
    assert s3.get_object(Bucket="inventory", Key="copy")["Body"].read() == body
    s3.put_bucket_versioning(
        Bucket="inventory", VersioningConfiguration={"Status": "Enabled"}
    )
    s3.put_object(Bucket="inventory", Key="copy", Body=b"newer")
    s3.delete_object(Bucket="inventory", Key="copy")


def empty():
    versions = s3.list_object_versions(Bucket="inventory")
    found = versions.get("Versions", []) + versions.get("DeleteMarkers", [])
    objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
    s3.delete_objects(Bucket="inventory", Delete={"Objects": objects})


s3.create_bucket(Bucket="inventory")
{"basics": basics, "parts": parts}[story]()
empty()
s3.delete_bucket(Bucket="inventory")
print("done")
