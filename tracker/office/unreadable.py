"""The refusal of a file that cannot be read."""

from enum import StrEnum
from typing import NamedTuple

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l


class Wanted(NamedTuple):
    """The kind of file asked for: how its name ends, and the program that writes it."""

    suffix: str
    program: str


DOCX, XLSX = Wanted(".docx", "Word"), Wanted(".xlsx", "Excel")


class Unreadable(StrEnum):
    """Why a file cannot be read."""

    empty = "empty"
    encrypted = "encrypted"
    old_word = "old_word"
    old_workbook = "old_workbook"
    workbook = "workbook"
    document = "document"
    pdf = "pdf"
    image = "image"
    rich_text = "rich_text"
    web_page = "web_page"
    not_docx = "not_docx"
    not_xlsx = "not_xlsx"
    not_text = "not_text"
    broken = "broken"
    macros = "macros"
    bomb = "bomb"
    entities = "entities"
    too_many_rows = "too_many_rows"
    too_many_columns = "too_many_columns"


ADVICE = {
    Unreadable.empty: _l("文件是空的，没有一个字节。请重新选择文件，或把内容复制后粘贴到输入框"),
    Unreadable.encrypted: _l("文件已加密，请在 %(program)s 或 WPS 中去掉密码后另存为 %(suffix)s 再上传"),
    Unreadable.old_word: _l("这是旧格式的文档（.doc 或 .wps），请用 Word 或 WPS 打开，另存为 .docx 再上传"),
    Unreadable.old_workbook: _l("这是旧格式的表格（.xls 或 .et），请用 Excel 或 WPS 打开，另存为 .xlsx 再导入"),
    Unreadable.workbook: _l("这是表格文件，不是文档。反馈意见请用 .docx 或文本上传，台账请按表格导入"),
    Unreadable.document: _l("这份 Word 文档里没有表格。请选择 .xlsx，或者内容在表格里的 Word 文档"),
    Unreadable.pdf: _l(
        "这是 PDF 文件，不能直接读取。请在 WPS 或 %(program)s 中转成 %(suffix)s 再上传；"
        "扫描件请识别文字后复制粘贴到输入框"
    ),
    Unreadable.image: _l("这是图片，里面没有文字。请识别文字后复制粘贴到输入框，核对无误再读取"),
    Unreadable.rich_text: _l("这是 RTF 文件，请用 %(program)s 或 WPS 打开，另存为 %(suffix)s 再上传"),
    Unreadable.web_page: _l(
        "这是网页文件，请用 %(program)s 或 WPS 打开，另存为 %(suffix)s 再上传，或把正文复制后粘贴到输入框"
    ),
    Unreadable.not_docx: _l("文件内容不是 Word 文档（扩展名可能被改过）。请用 Word 或 WPS 打开，另存为 .docx 再上传"),
    Unreadable.not_xlsx: _l("文件内容不是表格（扩展名可能被改过）。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传"),
    Unreadable.not_text: _l("文件内容不是文本。请上传 %(suffix)s 或文本文件，或把内容复制后粘贴到输入框"),
    Unreadable.broken: _l("文件已损坏，读不出内容。请用 %(program)s 或 WPS 打开原件，另存为新的 %(suffix)s 再上传"),
    Unreadable.macros: _l("文件带有宏，为安全起见不读取。请在 %(program)s 中另存为不带宏的 %(suffix)s 再上传"),
    Unreadable.bomb: _l("文件解压后过大，不像正常的公文。请把内容复制到新文件，另存为 %(suffix)s 再上传"),
    Unreadable.entities: _l("文件里有外部引用，为安全起见不读取。请把内容复制到新文件，另存为 %(suffix)s 再上传"),
    Unreadable.too_many_rows: _l("表格超过 20000 行或 50 个工作表。请删去用不到的行和工作表，或拆成几个文件再上传"),
    Unreadable.too_many_columns: _l("表格第 200 列（GR 列）右边还有内容。请删去用不到的列再上传"),
}


class UnreadableFile(DomainError):
    """The file cannot be read; the message says what it is and what to do about it."""

    def __init__(self, code: Unreadable, *, wanted: Wanted = DOCX, field: str | None = None) -> None:
        super().__init__(ADVICE[code] % wanted._asdict(), field=field)
        self.code, self.wanted = code, wanted
