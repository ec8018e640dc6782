"""Word templates of an office's own: looked through before they are kept, filled in a process of their own.

The marks are docxtpl's: ``{{ name }}``, ``{% if %}`` and ``{% for %}``, with ``{%p %}`` for a paragraph that goes,
``{%tr %}`` for a row and ``{%r %}`` within a line. What may stand in them is told by ``text_templates``.
"""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.office import docx_marks
from tracker.office.docx_harm import harm_in, refuse_size
from tracker.office.docx_marks import Fault
from tracker.office.docx_reading import opened_docx
from tracker.office.text_templates import ALLOWED, Record, Rows, Shape

CHILD = Path(__file__).with_name("docx_templates_child.py")
# Of the clock; of work, by the process itself. A table of 2,000 rows takes about two.
SECONDS, SECONDS_OF_WORK = 60, 40
MEMORY_BYTES = 1 << 30
OUTPUT_BYTES = 64 << 20
FAULTS_LIMIT = 200
_MADE = b"PK\x03\x04"


class Unfilled(DomainError):
    """A template was not filled; the message says why. ``is_ours``: what it holds is not to blame."""

    def __init__(self, message: object, *, is_ours: bool = False) -> None:
        super().__init__(message, field="file")
        self.status = 503 if is_ours else 422


_WHY = {
    "memory": _l("模板填出来的文件太大，已停止。请减少列表里的图片和格式，或缩小报告范围。"),
    "forbidden": _l("模板里有不允许的写法：只能写名称、条件（if）和列表（for）。"),
    "undefined": _l("模板要的名称没有数据（%(what)s），请对照名称表修改。"),
    "syntax": _l("模板里有标记没有写完或不成对（%(what)s）。"),
    "torn": _l(
        "填写后文档结构不完整：条件或列表的开头和结尾要在同一段，或各占一段（{%%p %%}）、各占一行表格（{%%tr %%}）。"
    ),
    "compared": _l("条件里不能拿文字和数字比大小（%(what)s）。"),
    "broken": _l("模板文件的结构有问题，填不进去。请用 Word 或 WPS 打开，另存为新的 .docx 再上传。"),
}


def check(stream: BinaryIO, shape: Shape, required: Collection[str] = ()) -> list[Fault]:
    """Everything that keeps a template from being used: harm in it, marks gone wrong, unknown and missing names.

    ``shape`` tells what may be named. A sound one is filled with samples, once so that conditions hold and once so
    that they do not. Raises UnreadableFile for what is no Word file or a hostile one.
    """
    with opened_docx(stream) as package:
        refuse_size(package)
        faults = [*harm_in(package), *docx_marks.faults_in(package, shape, required)]
    if len(faults) > FAULTS_LIMIT:
        return [*faults[:FAULTS_LIMIT], Fault(_l("问题太多，只列出前 %(max)d 处。", max=FAULTS_LIMIT))]
    if faults:
        return faults
    stream.seek(0)
    content = stream.read()
    try:
        for number in (1, 0):
            fill(content, _samples(shape, number), title="", made_at=datetime(2000, 1, 1, tzinfo=UTC))
    except Unfilled as error:
        if error.status != 422:
            raise
        return [Fault(error.message)]
    return []


def render(content: bytes, values: Mapping[str, Any], shape: Shape, *, title: str, made_at: datetime) -> bytes:
    """The template filled: ``values`` are plain ones by the names of ``shape``, ``title`` and the aware ``made_at``
    are noted in the file. Takes about a second, so to be called outside any transaction.

    Raises Unfilled or UnreadableFile.
    """
    with opened_docx(BytesIO(content)) as package:
        refuse_size(package)
        faults = [*harm_in(package), *docx_marks.faults_in(package, shape, ())]
    if faults:
        raise Unfilled(_l("模板不能用：%(fault)s 请修改后重新上传。", fault=str(faults[0])))
    return fill(content, values, title=title, made_at=made_at)


def fill(content: bytes, values: Mapping[str, Any], *, title: str, made_at: datetime) -> bytes:
    """The template filled without a look at it beforehand: the process is bound all the same. Raises Unfilled."""
    job = {
        "template": b64encode(content).decode(),
        "values": values,
        "nodes": [node.__name__ for node in ALLOWED],
        "title": title,
        "made_at": made_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS_OF_WORK,
        "output_bytes": OUTPUT_BYTES,
    }
    try:
        command = [sys.executable, "-I", str(CHILD)]
        done = subprocess.run(command, input=json.dumps(job).encode(), capture_output=True, timeout=SECONDS, env={})
    except subprocess.TimeoutExpired:
        raise Unfilled(_l("模板填了%(n)d秒还没有填完，已停止。请简化模板，或缩小报告范围。", n=SECONDS)) from None
    if done.returncode == 0 and done.stdout.startswith(_MADE):
        return done.stdout
    raise _reason(done.returncode, done.stderr)


def _reason(code: int, told: bytes) -> Unfilled:
    if code < 0:
        return Unfilled(_l("模板填写时用的时间或内存超过上限，已停止，数据没有改动。请简化模板后重新上传。"))
    try:
        reason = json.loads(told)
    except ValueError:
        return Unfilled(_l("模板没有填成，请稍后再试；仍不行请告知系统管理员。"), is_ours=True)
    return Unfilled(_WHY[reason["why"]] % {"what": reason["what"]})


def _samples(shape: Shape, number: int) -> dict[str, Any]:
    """Values that are all this number; twice as many rows in each list."""

    def value(within: Record | Rows | None) -> Any:
        if within is None:
            return number
        row = dict.fromkeys(within, number)
        return [row] * 2 * number if isinstance(within, Rows) else row

    return {name: value(within) for name, within in shape.items()}
