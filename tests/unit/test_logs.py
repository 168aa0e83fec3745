"""A log line tells what went wrong and where, and nothing of whom it went wrong for."""

from __future__ import annotations

import json

import psycopg
import pytest

from regulars.web.logs import told_without_values


def failing(phone: str) -> None:
    name = f"Zvirbulcanary {phone}"
    raise psycopg.errors.UniqueViolation(f"Key (name)=({name}) already exists.")


def test_an_exception_is_told_by_its_kind_state_and_place_without_texts_and_variables() -> None:
    try:
        failing("+37129876501")
    except psycopg.Error as error:
        for told in (True, error, (type(error), error, error.__traceback__)):
            event = told_without_values(None, "error", {"event": "job_failed", "exc_info": told})
            line = json.dumps(event)
            assert (event["event"], event["error"], event["state"]) == (
                "job_failed",
                "UniqueViolation",
                "23505",
            )
            assert event["frames"][-1].endswith(" failing")
            assert [word for word in ("canary", "2987", "already exists") if word in line] == []


@pytest.mark.parametrize("nothing", [None, False])
def test_an_event_without_an_exception_stays_as_it_is(nothing: bool | None) -> None:
    event = {"event": "job_done", "count": 3}
    assert told_without_values(None, "info", {**event, "exc_info": nothing}) == event
