"""Small scenarios: a border, a city, a road north; and random ones with every kind of dated record."""

from datetime import date, timedelta

from hypothesis import strategies as st

from onward.engines.flows.scenario import (
    Amount,
    CapacityChange,
    Closure,
    Cohort,
    Inflow,
    Link,
    Noise,
    Period,
    Place,
    Programme,
    ReturnFlow,
    Rule,
    Scenario,
    Stage,
)

FIRST = date(2022, 8, 1)
EVERYBODY = (Cohort("everybody"),)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def place(name: str, stay_days: float = 5.0, **more) -> Place:
    return Place(name, name.title(), (Stage("", Amount(stay_days)),), **more)


def scenario(days: int = 30, **parts) -> Scenario:
    """A scenario of some days; what is not given is empty."""
    given = {"title": "small", "places": (), "links": (), "cohorts": EVERYBODY, **parts}
    return Scenario(period=Period(FIRST, day(days - 1), day(-1)), **given)


def road(days: int = 30, **more) -> Scenario:
    """People enter at a border and take a road of two days to a city, where they settle or leave."""
    parts = {
        "places": (place("border", 3.0), place("city", 10.0, settle=Amount(1.0), leave=Amount(1.0))),
        "links": (Link("road", "border", "city", days=2),),
        "inflows": (Inflow("in", "border", Amount(40.0)),),
        **more,
    }
    return scenario(days, **parts)


def _numbers(low: float, high: float) -> st.SearchStrategy[Amount]:
    return st.floats(low, high, allow_subnormal=False).map(lambda x: Amount(round(x, 4)))


SHARES = _numbers(0.0, 1.0)
FACTORS = _numbers(0.0, 3.0)


@st.composite
def _days(draw) -> dict:
    since = draw(st.integers(0, 25))
    until = draw(st.none() | st.integers(since, 30))
    return {"since": day(since), "until": None if until is None else day(until)}


def _places(draw: st.DrawFn, people: int) -> tuple[Place, ...]:
    """Three places: the first in two stages, with limits on seats, beds and capacity or without."""
    limits = st.none() | _numbers(people / 10, people)
    stages = Stage("stopped", draw(_numbers(0.3, 3)), draw(limits)), Stage("released", draw(_numbers(0.5, 5)))
    return (
        Place("border", "Border", stages, leave=draw(SHARES), start=draw(st.integers(0, people))),
        place("city", 6.0, settle=draw(SHARES), beds=draw(limits), capacity=draw(limits), start=float(people)),
        place("north", 4.0, leave=draw(SHARES), attraction=draw(FACTORS), beds=draw(limits)),
    )


def _links(draw: st.DrawFn, people: int) -> tuple[Link, ...]:
    """Five links: of a programme, with seats, over several days, back into a stage for some, and back."""
    limits, some = st.none() | _numbers(people / 10, people), draw(st.just(()) | st.just(("b",)))
    return (
        Link("bus", "border", "city", days=draw(st.integers(0, 3)), programme_only=True, weight=draw(FACTORS)),
        Link("coach", "border", "city", days=2, seats=draw(limits), cost=draw(st.integers(0, 5))),
        Link("road", "city", "north", days=draw(st.integers(0, 2)), day_shares=(0.5, 0.25, 0.25), weight=draw(FACTORS)),
        Link("flight", "city", "border/stopped", days=1, features=(("kin", 1.0),), cohorts=some),
        Link("back", "north", "city", days=1, weight=draw(FACTORS)),
    )


def _told(draw: st.DrawFn) -> dict:
    """Days of a record that is announced by then."""
    days = draw(_days())
    return {**days, "announced": min(day(draw(st.integers(0, 5))), days["since"]), "anticipation": draw(FACTORS)}


def _closure(draw: st.DrawFn) -> Closure:
    return Closure(
        "shut",
        ("road",),
        leak=draw(_numbers(0, 0.4)),
        fade_days=draw(st.sampled_from([0.0, 4.0])),
        returns_in_transit=draw(st.booleans()),
        substitute="flight",
        substitution=draw(_numbers(0, 0.5)),
        waits=draw(_numbers(0, 0.5)),
        **_told(draw),
    )


def _rule(draw: st.DrawFn) -> Rule:
    whom = draw(st.just(()) | st.just(("a",)))
    touched = {"links": ("coach", "back"), "inflows": ("in",), "places": ("border",), "cohorts": whom}
    return Rule("rule", **touched, factor=draw(FACTORS), turned_back=draw(SHARES), **_told(draw))


def _dated(draw: st.DrawFn, people: int) -> dict:
    """One record of every kind."""
    seats = (FIRST, 0.0), (day(3), people / 9), (day(9), people / 30)
    drawn = {"fill": draw(SHARES), "weight": draw(FACTORS), "induced": draw(_numbers(0, 0.2)), **draw(_days())}
    return {
        "programmes": (Programme("buses", "bus", seats=seats, **drawn),),
        "closures": (_closure(draw),),
        "rules": (_rule(draw),),
        "capacities": (CapacityChange("beds", "north", beds=draw(_numbers(0, people)), **draw(_days())),),
        "returns": (ReturnFlow("home", "back", chance=draw(_numbers(0, 0.3)), **draw(_days())),),
    }


@st.composite
def worlds(draw: st.DrawFn) -> Scenario:
    """Three places (one with stages), five links, two cohorts, and every kind of dated record."""
    people = draw(st.sampled_from([3, 40, 2_000, 3_000_000]))
    return scenario(
        30,
        places=_places(draw, people),
        links=_links(draw, people),
        cohorts=(
            Cohort("a", 0.3, stay=Amount(1.5), cost_effect=Amount(0.2)),
            Cohort("b", 0.7, attraction=(("north", Amount(2.0)),)),
        ),
        effects=(("kin", Amount(0.7)),),
        noise=Noise(draw(_numbers(2, 200)), draw(_numbers(2, 200))),
        inflows=(
            Inflow("in", "border", draw(_numbers(0, people / 5)), dispersion=Amount(5.0)),
            Inflow("air", "city", Amount(people / 50), cohorts=(("a", 0.9), ("b", 0.1))),
        ),
        **_dated(draw, people),
    )
