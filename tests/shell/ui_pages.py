"""A bare template environment, strict about names, with just what the face needs to be drawn."""

import re
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

from flask_babel import format_date, format_datetime
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[2] / "templates"
FOLDERS = ("shell", "ui")


def names() -> list[str]:
    """The templates of the face, by name."""
    found = [TEMPLATES / "base.html", *(path for folder in FOLDERS for path in (TEMPLATES / folder).rglob("*.html"))]
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in found)


def environment(**pages: str) -> Environment:
    """Jinja as the program sets it up; ``pages`` are templates of the test, by name without .html."""
    written = DictLoader({f"{name}.html": source for name, source in pages.items()})
    env = Environment(
        loader=ChoiceLoader([written, FileSystemLoader(TEMPLATES)]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters["dateformat"] = format_date
    env.filters["datetimeformat"] = format_datetime
    env.globals.update(
        csrf_token=lambda: "the-token",
        url_for=lambda endpoint, **values: f"/{endpoint}",
        get_flashed_messages=lambda with_categories: [("success", "已下发 27 个问题。")],
        request=Thing(args={}, method="GET", full_path="/items?page=2"),
        bootstrap_css_url="/bootstrap.css",
        app_css_url="/app.css",
        app_js_url="/app.js",
        htmx_url="/htmx.js",
    )
    return env


def an_entry(label: str, **values: Any) -> Thing:
    return Thing(**{"label": label, "url": "/x", "count": None, "is_current": False, "in_bottom_bar": False, **values})


def a_shell(**values: Any) -> Thing:
    menu = [
        Thing(title="工作台", entries=(an_entry("待办", count="7", in_bottom_bar=True), an_entry("消息"))),
        Thing(title="台账", entries=(an_entry("问题清单", is_current=True, in_bottom_bar=True), an_entry("责任清单"))),
    ]
    given = {
        "organ": "市直机关工委",
        "is_demo": False,
        "menu": menu,
        "unread": 3,
        "is_silent": False,
        "warnings": [],
        "language": "zh",
        "password_url": "/account/password",
        "substitutes_url": "/substitutes",
        "reminders_url": "/messages/mine",
        "sign_out_url": "/sign-out",
        "confidentiality": "涉密信息不得录入",
        "product": "整改台账",
        "home_url": "/",
        "search_url": "/search",
        "messages_url": "/messages",
    }
    return Thing(**{**given, **values})


def somebody(*, is_authenticated: bool = True) -> Thing:
    return Thing(
        is_authenticated=is_authenticated, absent=(), stands_in=None, person=Thing(name="陈静", title="整改办")
    )


def draw(source: str, **values: Any) -> str:
    """One template of the test, drawn for a signed-in person."""
    context = {"shell": a_shell(), "current_user": somebody(), **values}
    return environment(page=source).get_template("page.html").render(**context)


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)
