"""What an owner does with minio for Python. Argument: "basics" or "parts"."""

import io
import os
import sys
from urllib.parse import urlparse

from minio import Minio
from minio.commonconfig import CopySource
from minio.deleteobjects import DeleteObject

client = Minio(
    urlparse(os.environ["OSTOR_STORY_ENDPOINT"]).netloc,
    access_key=os.environ["AWS_ACCESS_KEY_ID"],
    secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    region="us-east-1",
)
keys = ["a/ü +x.txt", "a/%2F&=?.txt", "b"]


def read(key, **where):
    answer = client.get_object("inventory", key, **where)
    try:
        return answer.read()
    finally:
        answer.close()
        answer.release_conn()


def basics():
    for key in keys:
        client.put_object("inventory", key, io.BytesIO(key.encode()), len(key.encode()))
        assert read(key) == key.encode()
        assert client.stat_object("inventory", key).size == len(key.encode())
    assert [each.name for each in client.list_buckets()] == ["inventory"]


def parts():
    body = os.urandom(11 * 1024 * 1024)
    stream = io.BytesIO(body)
    client.put_object("inventory", "body", stream, -1, part_size=5 * 1024 * 1024)
    assert read("body") == body
    assert read("body", offset=5, length=5) == body[5:10]
    client.copy_object("inventory", "copy", CopySource("inventory", "body"))
    assert read("copy") == body


client.make_bucket("inventory")
{"basics": basics, "parts": parts}[sys.argv[1]]()
found = [each.object_name for each in client.list_objects("inventory", recursive=True)]
assert sorted(found) == sorted(keys if sys.argv[1] == "basics" else ["body", "copy"]), found
errors = client.remove_objects("inventory", [DeleteObject(name) for name in found])
assert list(errors) == []
client.remove_bucket("inventory")
print("done")
