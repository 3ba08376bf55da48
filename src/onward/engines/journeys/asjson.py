"""A journey as plain values, the form the command line prints and pages may send."""

from onward.core.money import Money
from onward.engines.journeys.journey import Journey, Leg, Remark, Stop


def journey_values(journey: Journey) -> dict[str, object]:
    """The journey as values JSON can hold; instants ISO 8601 with the local offset, unknowns null."""
    return {
        "depart_at": journey.depart_at.isoformat(),
        "arrive_at": journey.arrive_at.isoformat(),
        "vehicles": journey.vehicles,
        "fare_cents": _cents(journey.fare),
        "tax_cents": _cents(journey.tax),
        "fee_cents": _cents(journey.fee),
        "currency": journey.fare.currency if journey.fare else None,
        "quoted_on": journey.quoted_on.isoformat() if journey.quoted_on else None,
        "legs": [_leg_values(leg) for leg in journey.legs],
        "reasons": [_said(reason) for reason in journey.reasons],
        "warnings": [_said(warning) for warning in journey.warnings],
    }


def _cents(amount: Money | None) -> int | None:
    return amount.minor if amount else None


def _said(remark: Remark) -> dict[str, object]:
    return {"code": remark.code, "text": str(remark), "values": dict(remark.values)}


def _leg_values(leg: Leg) -> dict[str, object]:
    return {
        "mode": leg.mode,
        "agency": leg.agency or None,
        "route": route_label(leg) or None,
        "trip_id": leg.trip_id or None,
        "headsign": leg.headsign or None,
        "service_on": leg.service_on.isoformat() if leg.service_on else None,
        "stays_seated": leg.stays_seated,
        "from": _stop_values(leg.from_stop),
        "to": _stop_values(leg.to_stop),
        "depart_at": leg.depart_at.isoformat(),
        "arrive_at": leg.arrive_at.isoformat(),
    }


def _stop_values(stop: Stop) -> dict[str, object]:
    return {"stop_id": stop.stop_id, "name": stop.name, "lat": stop.lat, "lon": stop.lon}


def route_label(leg: Leg) -> str:
    """The route with the number of its train or coach, as on a ticket: "Adirondack 69"."""
    return leg.route if leg.number in ("", leg.route) else f"{leg.route} {leg.number}"
