"""Every route has a guard, and strangers get nowhere."""

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask

from tracker.access.rules import Action
from tracker.core.db import writing

OPEN = {"shell.htmx", "shell.chart_script", "shell.choose_language"}
# Asked by machines; the last one answers only where its list of addresses allows it.
FOR_MACHINES = {"monitoring.healthz", "monitoring.readyz", "monitoring.metrics"}


def test_every_route_says_which_action_it_is_for(empty_app: Flask) -> None:
    unguarded = [
        endpoint
        for endpoint, view in empty_app.view_functions.items()
        if not endpoint.endswith("static") and not isinstance(view.__dict__.get("allowed"), Action)
    ]
    assert unguarded == []


def test_only_signing_in_assets_language_and_what_machines_ask_are_open_to_strangers(empty_app: Flask) -> None:
    opened = {
        endpoint
        for endpoint, view in empty_app.view_functions.items()
        if view.__dict__.get("allowed") is Action.SIGN_IN
    }
    assert {endpoint for endpoint in opened if not endpoint.startswith("org.")} == OPEN | FOR_MACHINES


def test_a_stranger_is_sent_to_the_sign_in_page_from_every_other_address(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_account("管理员", None, a_unit())
    client = empty_app.test_client()
    for rule in empty_app.url_map.iter_rules():
        view = empty_app.view_functions[rule.endpoint]
        if rule.endpoint.endswith("static") or view.__dict__["allowed"] is Action.SIGN_IN:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        address = rule.build(dict.fromkeys(rule.arguments, 1))
        assert address is not None
        answer = client.open(address[1], method=method)
        assert (answer.status_code, "/sign-in" in answer.headers.get("Location", "")) == (303, True), rule


@pytest.mark.parametrize("address", ["/items/巡察2026-1-001", "/items?list=problems", "/figures"])
def test_a_person_without_any_role_sees_no_foreign_item(empty_app: Flask, address: str) -> None:
    from factories import an_issued_item

    with empty_app.app_context(), writing():
        person = an_account("路人", None, a_unit("宣传部"))
        an_issued_item(lead_unit=a_unit("组织部"), finding="别人看不到的问题")
    client = empty_app.test_client()
    with empty_app.app_context():
        from tracker.core.db import db
        from tracker.org.models import Person

        sign_in(client, db.session.get_one(Person, person.id))
    assert "别人看不到的问题" not in client.get(address).text
