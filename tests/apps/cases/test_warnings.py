"""What is hard about a journey, said before it is chosen. Pure."""

from datetime import date
from typing import Any

import pytest

from onward.apps.cases.warnings import (
    WARNINGS,
    BindingDate,
    Circumstances,
    Destination,
    list_warnings,
)
from onward.apps.people.models import Contact, Known
from onward.apps.places.rules import parse_hours

EAST, CENTRAL = "-05:00", "-06:00"
HOURS = parse_hours({str(day): ["08:00", "20:00"] for day in range(1, 6)})
CHICAGO = Destination("chicago", "Chicago", "Chicago welcome desk", HOURS)
FINE = {"fit_to_travel": Known.YES}
AGREED = [Contact.State.AGREED]


def leg(start: str, leaves: str, end: str, arrives: str, mode: str = "coach") -> dict[str, Any]:
    return {"mode": mode, "from": {"name": start}, "to": {"name": end}, "depart_at": leaves, "arrive_at": arrives}


def journey(*legs: dict[str, Any]) -> dict[str, Any]:
    rides = [one for one in legs if one["mode"] != "walk"]
    times = {"depart_at": legs[0]["depart_at"], "arrive_at": legs[-1]["arrive_at"]}
    return {**times, "vehicles": len(rides), "legs": list(legs)}


BY_DAY = journey(leg("New York", f"2026-03-04T06:00:00{EAST}", "Chicago", f"2026-03-04T19:00:00{CENTRAL}"))
OVERNIGHT = journey(
    leg("New York", f"2026-03-04T14:00:00{EAST}", "Cleveland", f"2026-03-04T22:30:00{EAST}"),
    leg("Cleveland", f"2026-03-04T22:35:00{EAST}", "Cleveland Airport", f"2026-03-04T22:50:00{EAST}", "walk"),
    leg("Cleveland", f"2026-03-05T03:10:00{EAST}", "Chicago", f"2026-03-05T07:15:00{CENTRAL}"),
)


def told(trip: dict[str, Any], end: Destination = CHICAGO, **given_: Any) -> list[str]:
    party: dict[str, Any] = {"dates": [], "contact_states": AGREED, "answers": FINE}
    found = list_warnings(trip, end, Circumstances(**(party | given_)))
    return [WARNINGS[one["code"]] % one["values"] for one in found]


def test_an_easy_journey_by_day_to_people_who_agreed_carries_no_warning() -> None:
    assert told(BY_DAY) == []


def test_a_place_with_no_desk_or_no_hours_says_so() -> None:
    assert told(BY_DAY, Destination("chicago", "Chicago", "", None)) == [
        "No desk that receives people is known in Chicago."
    ]
    assert told(BY_DAY, Destination("chicago", "Chicago", "The desk", parse_hours({}))) == [
        "Opening hours of The desk are not known."
    ]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ([], "Nobody they know in Chicago is written down."),
        (["not_given"], "They did not name anybody in Chicago."),
        (["unreachable"], "Their contact in Chicago could not be reached."),
        (["unreachable", "reached"], "Their contact in Chicago was reached and has not agreed yet."),
    ],
)
def test_a_contact_that_has_not_agreed_is_told(states: list[str], sentence: str) -> None:
    assert told(BY_DAY, contact_states=states) == [sentence]


def test_one_contact_that_agreed_is_enough() -> None:
    assert told(BY_DAY, contact_states=["unreachable", "address_confirmed"]) == []


def hearing(on: date, key: str | None, name: str) -> list[BindingDate]:
    return [BindingDate("hearing", on, key, name)]


@pytest.mark.parametrize(
    ("dates", "sentences"),
    [
        (
            hearing(date(2026, 6, 11), "newark", "Newark"),
            ["Hearing on 2026-06-11 in Newark: this journey leaves before it, and goes elsewhere."],
        ),
        (
            hearing(date(2026, 6, 11), None, ""),
            ["Hearing on 2026-06-11 in a place not named: this journey leaves before it, and goes elsewhere."],
        ),
        (
            hearing(date(2026, 3, 5), "newark", "Newark"),
            ["Hearing on 2026-03-05 in Newark: they would be on the road that day."],
        ),
        (hearing(date(2026, 3, 3), "newark", "Newark"), []),
        (hearing(date(2026, 6, 11), "chicago", "Chicago"), []),
        (
            hearing(date(2026, 3, 5), "chicago", "Chicago"),
            ["Hearing on 2026-03-05 in Chicago: this journey arrives that day, at 07:15."],
        ),
        (
            hearing(date(2026, 3, 4), "chicago", "Chicago"),
            ["Hearing on 2026-03-04 in Chicago: this journey arrives after it."],
        ),
        (
            hearing(date(2026, 3, 3), "chicago", "Chicago"),
            ["Hearing on 2026-03-03 in Chicago: this journey arrives after it."],
        ),
    ],
)
def test_a_journey_that_collides_with_a_date_says_so(dates: list[BindingDate], sentences: list[str]) -> None:
    assert [one for one in told(OVERNIGHT, dates=dates) if "Hearing" in one] == sentences


def test_dates_are_told_in_their_order() -> None:
    dates = [BindingDate("check_in", date(2026, 7, 1), None, ""), BindingDate("other", date(2026, 5, 1), None, "")]
    assert [one.split(" on ")[0] for one in told(BY_DAY, dates=dates)] == ["Date that binds", "Check-in"]


def test_needs_on_the_way_are_told() -> None:
    answers = {"phone": "no", "warm_clothes": "no", "step_free": "yes", "fit_to_travel": "unknown"}
    found = told(OVERNIGHT, answers=answers)
    assert found == [
        "They have no phone that works on the way; changes of vehicle: 1.",
        "They have no clothes for the weather in Chicago.",
        "Whether everyone is fit to travel is not known yet.",
    ]
    assert told(BY_DAY, answers={"phone": "no", "fit_to_travel": "yes"}) == []
