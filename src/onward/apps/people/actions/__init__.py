"""Acts on parties and their people."""

from onward.apps.people.actions.arriving import arrive, arrive_group, change_heads, correct_arrival
from onward.apps.people.actions.closing import close_case, close_due, erase_case, erase_due, hold_case, lift_hold
from onward.apps.people.actions.contacts import record_contact
from onward.apps.people.actions.describing import describe_person, remove_person
from onward.apps.people.actions.explaining import explain, review_wording
from onward.apps.people.actions.leaving import leave_party
from onward.apps.people.actions.moving import (
    lock_open_party,
    lock_party,
    move_party,
    park,
    require_open,
    require_words,
    resume,
)

__all__ = [
    "arrive",
    "arrive_group",
    "change_heads",
    "close_case",
    "close_due",
    "correct_arrival",
    "describe_person",
    "erase_case",
    "erase_due",
    "explain",
    "hold_case",
    "leave_party",
    "lift_hold",
    "lock_open_party",
    "lock_party",
    "move_party",
    "park",
    "record_contact",
    "remove_person",
    "require_open",
    "require_words",
    "resume",
    "review_wording",
]
