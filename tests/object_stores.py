"""A real object store: SeaweedFS out of its wheel, on this machine alone; killed and started again as machines are."""

import json
import os
import signal
import subprocess
import sysconfig
from pathlib import Path
from time import sleep

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.outbox.sinks import free_port

KEY, SECRET, BUCKET = "rectify", "kept-to-ourselves-9f3a", "proofs"
PORTS = ("s3.port", "s3.port.grpc", "filer.port", "filer.port.grpc", "master.port", "master.port.grpc")
PORTS += ("volume.port", "volume.port.grpc")
QUIET = ("-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false")
# So that it takes files again three seconds after a kill, not seventeen.
SMALL = ("-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s")


class Seaweed:
    """The server, with its data in a folder that outlives a kill."""

    def __init__(self, folder: Path) -> None:
        free: set[int] = set()
        while len(free) < len(PORTS):
            free.add(free_port())
        self.folder, self.ports = folder, dict(zip(PORTS, free, strict=True))
        may = [{"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}]
        (folder / "s3.json").write_text(json.dumps({"identities": may}))
        self.url = f"http://127.0.0.1:{self.ports['s3.port']}/{BUCKET}"
        session = Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1")
        patience = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
        endpoint = self.url.removesuffix(f"/{BUCKET}")
        self.client = session.client("s3", endpoint_url=endpoint, config=patience)
        self.start()

    def config(self, prefix: str) -> dict[str, object]:
        """What an application is told of it, so that its files lie under a prefix."""
        told = {"": f"{self.url}/{prefix}", "_KEY": KEY, "_SECRET": SECRET, "_REGION": "us-east-1"}
        return {f"TRACKER_OBJECT_STORE{name}": value for name, value in told.items()}

    def start(self) -> None:
        """Start it, and wait until it takes files. One that does not is ended; AssertionError has its log then."""
        program = Path(sysconfig.get_path("scripts")) / "weed"
        command = [str(program), "server", "-ip=127.0.0.1", f"-dir={self.folder}", "-filer", "-s3", *QUIET, *SMALL]
        command += [f"-{name}={port}" for name, port in self.ports.items()]
        command += [f"-s3.config={self.folder / 's3.json'}", f"-s3.localSocket={self.folder / 's3.sock'}"]
        command += [f"-filer.localSocket={self.folder / 'filer.sock'}"]
        environment = os.environ | {"HOME": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        for _ in range(600):
            if self._is_ready():
                return
            sleep(0.1)
        self.clear_away()
        raise AssertionError((self.folder / "log").read_text()[-3000:])

    def _is_ready(self) -> bool:
        try:
            if BUCKET not in [each["Name"] for each in self.client.list_buckets()["Buckets"]]:
                self.client.create_bucket(Bucket=BUCKET)
            self.client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
        except (BotoCoreError, ClientError):
            return False
        return True

    def kill(self) -> None:
        """Without any farewell."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It takes what is sent and says nothing any more."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        self.process.send_signal(signal.SIGCONT)

    def keys(self, prefix: str) -> list[str]:
        """What lies under a prefix."""
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=f"{prefix}/").get("Contents", [])
        return [each["Key"] for each in found]

    def clear_away(self) -> None:
        """End it, with the sockets that it laid down where nobody asked it to."""
        self.kill()
        for name in ("s3", "filer", "master", "volume"):
            Path(f"/tmp/seaweedfs-{name}-grpc-{self.ports[f'{name}.port.grpc']}.sock").unlink(missing_ok=True)
