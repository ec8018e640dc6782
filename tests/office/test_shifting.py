"""Rows put into a sheet: every formula and area that speaks of them or of what stands below still does."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from tracker.office.xlsx_shifting import put_in_rows


def a_form() -> Worksheet:
    """Rows 3 and 4 are to be filled, 5 is a sum; five more are put in below 4."""
    sheet = Workbook().active
    assert isinstance(sheet, Worksheet)
    sheet.title = "月 报"
    for row, words in enumerate(["标题", "列", "一", "二", "合计", "说明"], start=1):
        sheet.cell(row, 1, words)
    return sheet


def saved(sheet: Worksheet) -> Worksheet:
    stream = io.BytesIO()
    sheet.parent.save(stream)
    return load_workbook(stream)[sheet.title]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("=COUNTA(D3:D4)", "=COUNTA(D3:D9)"),
        ("=SUM($D$3:$D$4)", "=SUM($D$3:$D$9)"),
        ("=SUM('月 报'!D3:D4)-E5", "=SUM('月 报'!D3:D9)-E10"),
        ("=SUM(D2:D3)", "=SUM(D2:D3)"),
        ("=D4", "=D4"),
        ("=SUM(A4:F4)", "=SUM(A4:F4)"),
        ("=SUM(D4:D4)", "=SUM(D4:D9)"),
        ("=SUM(D3:D5)", "=SUM(D3:D10)"),
        ("=SUM(3:4)", "=SUM(3:9)"),
        ("=SUM(D:D)", "=SUM(D:D)"),
        ("=D6/SUM(其他!D3:D4)", "=D11/SUM(其他!D3:D4)"),
        ('=IF(D5="D5",名称,COUNTIF(D3:D4,"是"))', '=IF(D10="D5",名称,COUNTIF(D3:D9,"是"))'),
        ("=1+1", "=1+1"),
    ],
)
def test_a_formula_means_the_same_cells_and_the_new_ones(before: str, after: str) -> None:
    sheet = a_form()
    sheet["F5"] = before
    sheet["F1"] = before
    put_in_rows(sheet, 4, 5)
    found = saved(sheet)
    assert (found["F10"].value, found["F1"].value, found["F5"].value) == (after, after, None)


def test_formulas_of_other_sheets_go_along_and_speak_of_their_own_cells_still() -> None:
    sheet = a_form()
    other = sheet.parent.create_sheet("封面")
    other["A1"] = "='月 报'!A5&A6"
    put_in_rows(sheet, 4, 5)
    assert saved(other)["A1"].value == "='月 报'!A10&A6"


def test_an_array_formula_moves_with_its_cell() -> None:
    sheet = a_form()
    sheet["F5"] = ArrayFormula("F5", "=SUM(LEN(D3:D4))")
    put_in_rows(sheet, 4, 5)
    moved = saved(sheet)["F10"].value
    assert (moved.ref, moved.text) == ("F10", "=SUM(LEN(D3:D9))")


def test_lists_to_choose_from_looks_filter_names_and_printed_areas_take_the_new_rows_in() -> None:
    sheet = a_form()
    choice = DataValidation(type="list", formula1='"是,否"')
    choice.add("E3:E4")
    choice.add("E6")
    sheet.add_data_validation(choice)
    red = PatternFill(bgColor="FF0000")
    sheet.conditional_formatting.add("F3:F4", CellIsRule(operator="greaterThan", formula=["$F$5"], fill=red))
    sheet.auto_filter.ref = "A2:F4"
    sheet.print_area = "A1:F6,H1:H2"
    sheet.parent.defined_names["汇总"] = DefinedName("汇总", attr_text="'月 报'!$A$5")
    put_in_rows(sheet, 4, 5)
    found = saved(sheet)
    assert str(found.data_validations.dataValidation[0].sqref) == "E3:E9 E11"
    (look,) = found.conditional_formatting
    assert (str(look.sqref), look.rules[0].formula) == ("F3:F9", ["$F$10"])
    assert found.auto_filter.ref == "A2:F9"
    assert found.print_area == "'月 报'!$A$1:$F$11,'月 报'!$H$1:$H$2"
    assert found.parent.defined_names["汇总"].attr_text == "'月 报'!$A$10"


def test_nothing_below_is_nothing_to_move() -> None:
    sheet = a_form()
    put_in_rows(sheet, 6, 5)
    assert [sheet.cell(row, 1).value for row in (5, 6, 7)] == ["合计", "说明", None]
