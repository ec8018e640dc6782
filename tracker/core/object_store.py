"""An object store by the S3 protocol: where machines that share no folder keep their files, each under its hash."""

import logging
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from flask import Flask, current_app

from tracker.core.errors import Busy
from tracker.core.i18n import lazy_gettext as _l

log = logging.getLogger(__name__)

EXTENSION = "object_store"
NO_ANSWER = _l("存放文件的对象存储没有应答，这次没有完成，您的内容没有丢失。请稍后再试；一直如此请联系系统管理员。")
CHUNK_BYTES = 1 << 20
# Above it a file goes in parts: the protocol takes no more than 5 GB at once.
WHOLE_BYTES = 1 << 30
PART_BYTES = 128 << 20
# A person waits for it: at the worst two tries of connecting, or two of waiting for the other end to go on.
PATIENCE = {"connect_timeout": 3, "read_timeout": 15, "retries": {"mode": "standard", "total_max_attempts": 2}}
# Other makers' stores know neither the newest checksums nor buckets as names of hosts.
PLAIN = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "path"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class ObjectStore:
    """One bucket, or what lies in it under a prefix. Whatever is asked of it raises Busy when it does not answer.

    ``url`` is ``https://HOST[:PORT]/BUCKET[/PREFIX]``, as ``tracker.core.environment`` reads it. ``name`` may be shown.
    """

    def __init__(self, url: str, *, key: str, secret: str, region: str) -> None:
        told = urlsplit(url)
        self.bucket, _slash, prefix = told.path.strip("/").partition("/")
        self.name = f"{told.netloc}{told.path}".rstrip("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._endpoint = f"{told.scheme}://{told.netloc}"
        self._key, self._secret, self._region = key, secret, region

    def put(self, sha256: str, path: Path) -> None:
        """Copy a file in; when this returns the store holds it, and has held it against its hash unless it is huge."""
        where = {"Bucket": self.bucket, "Key": self._key_of(sha256)}
        with self._asked():
            if path.stat().st_size > WHOLE_BYTES:
                self._client.upload_file(str(path), *where.values(), Config=_in_parts())
                return
            with path.open("rb") as stream:
                checksum = b64encode(bytes.fromhex(sha256)).decode()
                self._client.put_object(**where, Body=stream, ChecksumSHA256=checksum)

    def fetch(self, sha256: str, write: Callable[[bytes], object]) -> bool:
        """Hand over the bytes piece by piece, as they come and unchecked; False when the store has no such file."""
        with self._asked():
            try:
                body = self._client.get_object(Bucket=self.bucket, Key=self._key_of(sha256))["Body"]
            except self._client.exceptions.NoSuchKey:
                return False
            with closing(body):
                for chunk in body.iter_chunks(CHUNK_BYTES):
                    write(chunk)
        return True

    def sizes(self) -> Mapping[str, int]:
        """All files that the store holds, by hash, and how many bytes each has."""
        with self._asked():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._prefix)
            every = ((each["Key"], each["Size"]) for page in pages for each in page.get("Contents", ()))
            return {key[-64:]: size for key, size in every if key == self._key_of(key[-64:])}

    def fault(self) -> str:
        """Why the store cannot be used, in a word of the protocol; empty when it can."""
        try:
            self._client.head_bucket(Bucket=self.bucket)
        except (BotoCoreError, ClientError) as error:
            return _word(error)
        return ""

    def _key_of(self, sha256: str) -> str:
        return f"{self._prefix}{sha256[:2]}/{sha256}"

    @contextmanager
    def _asked(self) -> Iterator[None]:
        from boto3.exceptions import Boto3Error

        try:
            yield
        except (BotoCoreError, Boto3Error, ClientError) as error:
            # Not the error's own text: it names the file.
            log.error("object store %s: %s", self.name, _word(error))
            raise Busy(NO_ANSWER) from error

    @cached_property
    def _client(self) -> Any:
        """Made when it is first asked for: most commands need none, and a worker must not share its lines."""
        from boto3.session import Session
        from botocore.config import Config

        session = Session(aws_access_key_id=self._key, aws_secret_access_key=self._secret, region_name=self._region)
        return session.client("s3", endpoint_url=self._endpoint, config=Config(**PATIENCE, **PLAIN))


def _in_parts() -> Any:
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=WHOLE_BYTES, multipart_chunksize=PART_BYTES, use_threads=False)


def _word(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def connect(app: Flask) -> None:
    """Give the application its object store, where one is configured; nobody is asked yet."""
    config = app.config
    app.extensions[EXTENSION] = (
        ObjectStore(
            config["TRACKER_OBJECT_STORE"],
            key=config["TRACKER_OBJECT_STORE_KEY"],
            secret=config["TRACKER_OBJECT_STORE_SECRET"],
            region=config["TRACKER_OBJECT_STORE_REGION"],
        )
        if config.get("TRACKER_OBJECT_STORE")
        else None
    )


def find() -> ObjectStore | None:
    """The object store of the application; None where files lie in the folder alone."""
    store: ObjectStore | None = current_app.extensions[EXTENSION]
    return store
