"""The house keeps its own rules: who may import, commit, read the clock, ask the database, open a socket."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from tracker import wiring

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "tracker").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FEATURES = [name for name in wiring.PAGES if name != "shell"]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_with(pattern: str, paths: list[Path]) -> Iterator[str]:
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if re.search(pattern, line):
                yield f"{relative(path)}:{number}: {line.strip()}"


def layer(path: Path) -> str:
    """rules, models, queries, operations, forms, views … of a file, folders of the same name included."""
    parts = path.relative_to(ROOT / "tracker").with_suffix("").parts
    return parts[1] if len(parts) > 1 else ""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def test_only_the_core_commits_and_only_entry_points_write() -> None:
    assert list(lines_with(r"\.commit\(", [path for path in SOURCES if relative(path) != "tracker/core/db.py"])) == []
    entry_points = {"views", "errors", "guard", "jobs"}
    writers = [path for path in SOURCES if re.search(r"\bwriting(_if_free)?\(\)", path.read_text())]
    strangers = [
        relative(path)
        for path in writers
        if layer(path) not in entry_points
        and path.relative_to(ROOT / "tracker").parts[0] not in {"core", "cli", "jobs", "demo"}
    ]
    assert strangers == []


def test_only_the_clock_reads_the_clock() -> None:
    others = [path for path in SOURCES if relative(path) != "tracker/core/clock.py"]
    assert list(lines_with(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(", others)) == []


def test_every_select_stands_in_queries() -> None:
    allowed = {"queries"}
    others = [path for path in SOURCES if layer(path) not in allowed and relative(path) != "tracker/core/paging.py"]
    assert list(lines_with(r"(?<![\w.])select\(", others)) == []


def test_only_channels_and_the_starter_open_sockets() -> None:
    may = {"tracker/cli/serve.py"}
    others = [path for path in SOURCES if relative(path) not in may and "channels" not in path.stem]
    assert list(lines_with(r"^\s*(import|from) (socket|smtplib|requests|http\.client|urllib\.request)", others)) == []


def test_across_features_only_rules_models_queries_and_operations_are_imported() -> None:
    """Entry rooms (desk, jobs, cli, shell) and the factory put things together; hooks go through wiring."""
    wrong = []
    for path in SOURCES:
        own = path.relative_to(ROOT / "tracker").parts[0]
        if own in {"wiring.py", "__init__.py", "shell", "cli", "jobs", "demo"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tracker."):
                parts = node.module.split(".")[1:]
                modules = [parts] if len(parts) > 1 else [[*parts, alias.name] for alias in node.names]
                wrong += [
                    f"{relative(path)}: {'.'.join(module)}"
                    for module in modules
                    if module[0] not in {own, "core", "access", "office"} and module[1] in {"views", "forms"}
                ]
    assert wrong == []


@pytest.mark.parametrize("feature", FEATURES)
def test_a_noun_has_its_package_blueprint_templates_and_tests(feature: str) -> None:
    assert (ROOT / "tracker" / feature).is_dir()
    assert (ROOT / "templates" / feature).is_dir()
    assert list((ROOT / "tests" / feature).glob("test_*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
    long = [f.name for f in functions(path) if f.end_lineno and f.end_lineno - f.lineno >= 40]
    assert long == []


def test_no_template_has_inline_script_style_or_handlers() -> None:
    pattern = r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:"
    assert list(lines_with(pattern, TEMPLATES)) == []


def test_no_template_knows_a_state_or_asks_the_database() -> None:
    pattern = r"\.state\s*[=!]=|query\(|session\."
    assert list(lines_with(pattern, TEMPLATES)) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_compiles(path: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    environment.parse(path.read_text())


def test_every_mail_has_subject_text_and_html() -> None:
    folders = [path for path in (ROOT / "templates" / "mail").iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert {"subject.txt", "body.txt", "body.html"} <= {path.name for path in folder.iterdir()}, folder.name


def test_no_file_is_fetched_from_elsewhere() -> None:
    assets = [*TEMPLATES, *(ROOT / "tracker" / "shell" / "static").glob("*.[cj]s*")]
    assert list(lines_with(r"""(src|href)=["']?(https?:)?//|url\(["']?(https?:)?//|@import""", assets)) == []


def test_every_trial_with_a_long_form_is_one_of_the_long_trials() -> None:
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    long = [path for path in tests if re.search(r"environ.*PROOF", path.read_text())]
    assert long
    assert [relative(path) for path in long if "mark.proof" not in path.read_text()] == []
