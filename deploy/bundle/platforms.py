"""The platforms a bundle is made for, and what pip and requirement markers call them."""

from dataclasses import dataclass, field
from enum import StrEnum

PYTHONS = ("3.11", "3.13")


class Kind(StrEnum):
    """How an archive is packed."""

    TAR_GZ = "tar.gz"
    ZIP = "zip"


@dataclass(frozen=True)
class Platform:
    """``tags`` are those of wheels, best first; ``markers`` what the target's Python says of itself."""

    name: str
    kind: Kind
    tags: tuple[str, ...]
    markers: dict[str, str] = field(hash=False)

    @property
    def is_windows(self) -> bool:
        """Whether its scripts and line ends are those of Windows."""
        return self.kind is Kind.ZIP

    def environment(self, python: str) -> dict[str, str]:
        """What markers of requirements are held against, for one version of Python such as ``3.11``."""
        return {
            **self.markers,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }


def _linux(machine: str) -> Platform:
    tags = tuple(f"{tag}_{machine}" for tag in ("manylinux_2_28", "manylinux_2_17", "manylinux2014"))
    markers = {
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": machine,
    }
    return Platform(f"linux-{machine}", Kind.TAR_GZ, tags, markers)


PLATFORMS = (
    _linux("x86_64"),
    _linux("aarch64"),
    Platform(
        "windows-x86_64",
        Kind.ZIP,
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    ),
)
