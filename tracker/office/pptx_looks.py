"""How slides look: white, one ink, one thin line of colour, Chinese letters in every run and in every chart."""

from collections.abc import Sequence
from typing import Any

from pptx.chart.chart import Chart
from pptx.chart.plot import _BasePlot
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.text.text import Font
from pptx.util import Pt

FONT = "微软雅黑"
INK, GREY, PALE, WHITE = (RGBColor.from_string(each) for each in ("1F2329", "646A73", "F2F3F5", "FFFFFF"))
LINE = RGBColor.from_string("B3261E")
BAR = RGBColor.from_string("4A6B8A")
# What is done in the colour of the bars, what is open from light to dark.
SLICES = [BAR, *(RGBColor.from_string(each) for each in ("D5DAE1", "B9C1CC", "9AA5B4", "7B8794", "5C6773"))]
DARK = {BAR, *SLICES[-2:]}
# A count that is none prints nothing.
COUNT = "0;;;"
TITLE_POINTS, LONG_TITLE_POINTS, TEXT_POINTS, HEAD_POINTS = 28, 22, 18, 20
# No style, but a grid.
TABLE_STYLE = "{5940675A-B579-460E-94D1-54222C63F5DA}"


def dress(font: Font, points: float, *, is_bold: bool = False, color: RGBColor = INK) -> None:
    """Give a run, or a part of a chart, its size and a font that has Chinese letters."""
    font.size, font.bold, font.name = Pt(points), is_bold, FONT
    font.color.rgb = color
    properties = font._rPr
    properties.set("lang", "zh-CN")
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    properties.find(qn("a:latin")).addnext(parse_xml(f'<a:ea {nsdecls("a")} typeface="{FONT}"/>'))


def dress_ring(chart: Chart) -> None:
    """A ring with its counts beside the slices' names."""
    dress(chart.font, TEXT_POINTS)
    chart.has_title, chart.has_legend = False, True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    dress(chart.legend.font, TEXT_POINTS)
    plot = chart.plots[0]
    _label(plot, COUNT)
    for at in range(len(plot.categories)):
        point, slice_color = plot.series[0].points[at], SLICES[min(at, len(SLICES) - 1)]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = slice_color
        dress(point.data_label.font, TEXT_POINTS, color=WHITE if slice_color in DARK else INK)
        _hide_none(point.data_label)


def _hide_none(label: Any) -> None:
    """A label of its own does not follow the format of the others."""
    numbers = parse_xml(f'<c:numFmt {nsdecls("c")} formatCode="{COUNT}" sourceLinked="0"/>')
    label._get_or_add_dLbl().find(qn("c:txPr")).addprevious(numbers)


def dress_bars(chart: Chart, number_format: str) -> None:
    """Bars that lie, the first on top, each with its number at its end."""
    dress(chart.font, TEXT_POINTS)
    chart.has_title, chart.has_legend = False, False
    plot = chart.plots[0]
    plot.gap_width = 60
    _label(plot, number_format)
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = BAR
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order, names.has_major_gridlines = True, False
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = GREY
    dress(names.tick_labels.font, TEXT_POINTS)
    values.has_major_gridlines, values.visible = False, False
    values.minimum_scale, values.maximum_scale = 0, 110
    values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    dress(values.tick_labels.font, TEXT_POINTS)


def _label(plot: _BasePlot, number_format: str) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.number_format, labels.number_format_is_linked = True, number_format, False
    dress(labels.font, TEXT_POINTS)


def dress_table(table: Any, widths: Sequence[int]) -> None:
    """A plain grid with the headings on a pale ground."""
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = TABLE_STYLE
    table.first_row, table.horz_banding = True, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for cell in table.rows[0].cells:
        cell.fill.solid()
        cell.fill.fore_color.rgb = PALE
