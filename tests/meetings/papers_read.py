"""Papers read back: words of Word files, of slides, of workbooks, and how many pages LibreOffice prints."""

from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdfium2
from libreoffice import converted
from openpyxl import Workbook, load_workbook
from pptx import Presentation


def read_docx(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def words_of(data: bytes) -> str:
    """Every paragraph and every cell of a Word file, a line each."""
    written = read_docx(data)
    cells = [
        " | ".join(cell.text for cell in dict.fromkeys(row.cells)) for table in written.tables for row in table.rows
    ]
    return "\n".join([*(paragraph.text for paragraph in written.paragraphs), *cells])


def rows_of(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def slides_of(data: bytes) -> list[Any]:
    return list(Presentation(BytesIO(data)).slides)


def title_of(slide: Any) -> str:
    return str(slide.shapes.title.text_frame.text)


def words_on(slide: Any) -> str:
    """All that stands on a slide, without its charts."""
    frames = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(frames + cells)


def plot_on(slide: Any) -> dict[str, float]:
    """The values of a slide's chart by their names."""
    plot = next(shape.chart for shape in slide.shapes if shape.has_chart).plots[0]
    return dict(zip(plot.categories, plot.series[0].values, strict=True))


def workbook_of(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def table_of(data: bytes, sheet: str) -> list[list[Any]]:
    """The rows of a sheet below its title and note, that of the headings first."""
    return [[cell.value for cell in row] for row in workbook_of(data)[sheet].iter_rows(min_row=3)]


def pages_of(data: bytes, folder: Path) -> int:
    """How many pages LibreOffice prints."""
    (folder / "paper.docx").write_bytes(data)
    return len(pypdfium2.PdfDocument(converted(folder / "paper.docx", "pdf", folder)))


def slide_called(data: bytes, start: str) -> Any:
    """The first slide whose title starts so."""
    return next(slide for slide in slides_of(data) if title_of(slide).startswith(start))
