"""Acts on parties and their people."""

from onward.apps.people.actions.arriving import arrive, arrive_group, change_heads, correct_arrival
from onward.apps.people.actions.contacts import record_contact
from onward.apps.people.actions.describing import describe_person, remove_person
from onward.apps.people.actions.explaining import explain, review_wording
from onward.apps.people.actions.leaving import leave_party
from onward.apps.people.actions.moving import lock_party, move_party, park, resume

__all__ = [
    "arrive",
    "arrive_group",
    "change_heads",
    "correct_arrival",
    "describe_person",
    "explain",
    "leave_party",
    "lock_party",
    "move_party",
    "park",
    "record_contact",
    "remove_person",
    "resume",
    "review_wording",
]
