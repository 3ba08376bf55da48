"""Acts on a party's case."""

from onward.apps.cases.actions.asking import record_answers, record_consent
from onward.apps.cases.actions.binding import record_obligation, remove_obligation
from onward.apps.cases.actions.deciding import decide
from onward.apps.cases.actions.interviewing import begin_interview, record_origin
from onward.apps.cases.actions.offering import find_offers
from onward.apps.cases.actions.safety import lift_safety_stop, record_safety
from onward.apps.cases.actions.wishing import place_wish, record_wish, withdraw_wish

__all__ = [
    "begin_interview",
    "decide",
    "find_offers",
    "lift_safety_stop",
    "place_wish",
    "record_answers",
    "record_consent",
    "record_obligation",
    "record_origin",
    "record_safety",
    "record_wish",
    "remove_obligation",
    "withdraw_wish",
]
