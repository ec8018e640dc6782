"""Drawing charts as pictures, in a process of their own: the library would keep 120 MB in every web worker."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.charts import Spec

CHILD = Path(__file__).with_name("drawing_child.py")
SECONDS = 30
SIGNATURE = b"\x89PNG"


class Undrawn(DomainError):
    """A chart could not be drawn; the table beside it says the same."""

    status = 503


def draw_png(spec: Spec) -> bytes:
    """The chart as a picture for Word files and slides. Raises Undrawn."""
    if not has_chinese_font():
        raise Undrawn(no_font())
    command = [sys.executable, "-I", str(CHILD)]
    try:
        done = subprocess.run(command, input=json.dumps(spec).encode(), capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise Undrawn(_l("图片画了%(n)d秒还没有画完，已停止。请缩小范围后再试，或下载表格。", n=SECONDS)) from None
    if done.returncode or not done.stdout.startswith(SIGNATURE):
        raise Undrawn(_l("图片没有画成，请下载表格，并告知系统管理员。"))
    return done.stdout


@cache
def has_chinese_font() -> bool:
    """Whether the machine has letters for Chinese; without them a picture shows boxes. Looked for once."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    try:
        listed = subprocess.run([program, ":lang=zh", "family"], capture_output=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(listed.stdout.strip())


def no_font() -> object:
    """What to tell where there is none, and what to do about it."""
    return _l(
        "服务器上没有中文字体，图片里的汉字会变成方框，所以不能下载图片。"
        "请系统管理员安装字体（apt-get install fontconfig fonts-noto-cjk）后重新启动；表格不受影响。"
    )
