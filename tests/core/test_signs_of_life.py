"""A server of PostgreSQL that is gone without a word is noticed within seconds, unless its address tells otherwise."""

import pytest
from sqlalchemy import create_engine, make_url

from tracker.core.db import SIGNS_OF_LIFE, engine_options


def told(url: str) -> dict[str, object]:
    """What the driver is told in the end."""
    options = engine_options(url)
    engine = create_engine(url, **options)
    _none, by_address = engine.dialect.create_connect_args(make_url(url))
    return by_address | options["connect_args"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://rectify@10.77.0.11/rectify",
        "postgresql+psycopg://rectify@/rectify?host=/run/postgresql",
        "postgresql+psycopg://rectify@/rectify?host=10.77.0.11:5432&host=10.77.0.12:5432&target_session_attrs=read-write",
    ],
)
def test_an_address_that_tells_nothing_of_it_gets_what_was_tried(url: str) -> None:
    assert told(url).items() >= SIGNS_OF_LIFE.items()


@pytest.mark.parametrize("name", SIGNS_OF_LIFE)
def test_what_the_address_tells_itself_holds(name: str) -> None:
    said = told(f"postgresql+psycopg://rectify@10.77.0.11/rectify?{name}=77")
    assert said.items() >= (SIGNS_OF_LIFE | {name: "77"}).items()


def test_sqlite_is_told_nothing_of_it() -> None:
    assert engine_options("sqlite:////tmp/tracker.db")["connect_args"].keys() == {"timeout"}
