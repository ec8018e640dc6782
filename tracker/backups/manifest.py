"""What a backup says of itself, to be held against what came back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.releases import version

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """``rows`` counts by table, ``head`` is the trail's last hash; ``missing`` names files that were lost before.

    ``revision`` is the migration that the schema had come to, ``version`` the program that wrote it, ``breaks`` how
    often the trail did not hold together already; the last two were not told from the first.
    """

    taken_at: str
    dialect: str
    revision: str
    database_sha256: str
    rows: Mapping[str, int]
    head: str
    files: int
    size_bytes: int
    missing: Sequence[str]
    version: str = ""
    breaks: int = 0
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it stands in the backup."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """What stands in a backup, without what is not known here; raises DomainError for what this program cannot read."""
    try:
        read = json.loads(data)
        told = Manifest(**{each.name: read[each.name] for each in fields(Manifest) if each.name in read})
    except (ValueError, TypeError) as error:
        raise DomainError(_l("这不是本系统的备份文件，或已损坏。")) from error
    if told.format != FORMAT:
        raise too_new(told)
    return told


def too_new(told: Manifest) -> DomainError:
    """The refusal of a backup that a newer version made."""
    return DomainError(
        _l(
            "备份由较新的版本生成（表结构 %(revision)s），这里的 %(ours)s 不能恢复它。请安装 %(theirs)s 或更新的版本。",
            revision=told.revision,
            ours=version(),
            theirs=told.version or _l("那个版本"),
        )
    )
