"""What a backup says of itself, to be held against what came back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """``rows`` counts by table, ``head`` is the trail's last hash; ``missing`` names files that were lost before."""

    taken_at: str
    dialect: str
    revision: str
    database_sha256: str
    rows: Mapping[str, int]
    head: str
    files: int
    size_bytes: int
    missing: Sequence[str]
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """What stands in a backup; raises DomainError for what this program did not write."""
    try:
        told = Manifest(**json.loads(data))
    except (ValueError, TypeError) as error:
        raise DomainError(_l("这不是本系统的备份文件，或已损坏。")) from error
    if told.format != FORMAT:
        raise DomainError(_l("备份文件由较新版本的程序生成，请先升级程序。"))
    return told
