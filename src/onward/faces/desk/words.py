"""What coded answers, states and reasons are called on the pages of the desk."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from onward.apps.cases.models import Obligation
from onward.apps.people.models import AgeBand, Contact, Explanation, Known, Party
from onward.apps.people.rules import PARK_REASONS
from onward.apps.travel.models import TicketSet

ANSWERS = {
    Known.YES: _("Yes"),
    Known.NO: _("No"),
    Known.UNKNOWN: _("They do not know"),
    Known.DECLINED: _("They would rather not say"),
    Known.NOT_ASKED: _("Not asked"),
}
STATES = {
    Party.State.WAITING: pgettext_lazy("state of a case", "waiting"),
    Party.State.IN_INTERVIEW: pgettext_lazy("state of a case", "in interview"),
    Party.State.PARKED: pgettext_lazy("state of a case", "parked"),
    Party.State.OFFERED: pgettext_lazy("state of a case", "journeys to choose from"),
    Party.State.ACCEPTED: pgettext_lazy("state of a case", "journey chosen"),
    Party.State.TICKETED: pgettext_lazy("state of a case", "ticketed"),
    Party.State.LEFT: pgettext_lazy("state of a case", "left"),
    Party.State.STAYS: pgettext_lazy("state of a case", "stays"),
    Party.State.DECIDES_LATER: pgettext_lazy("state of a case", "decides later"),
    Party.State.DECLINED: pgettext_lazy("state of a case", "said no"),
    Party.State.CLOSED: pgettext_lazy("state of a case", "closed"),
}
BANDS = {
    AgeBand.INFANT: _("Under 2"),
    AgeBand.CHILD: _("2 to 11"),
    AgeBand.YOUTH: _("12 to 17"),
    AgeBand.ADULT: _("18 or over"),
}
CONTACTS = {
    Contact.State.NOT_GIVEN: _("Not given"),
    Contact.State.UNREACHABLE: _("Called, not reached"),
    Contact.State.REACHED: _("Reached"),
    Contact.State.AGREED: _("Reached, and agreed"),
    Contact.State.ADDRESS_CONFIRMED: _("Agreed, and the address confirmed"),
}
OBLIGATIONS = {
    Obligation.Kind.HEARING: _("A hearing"),
    Obligation.Kind.CHECK_IN: _("A check-in"),
    Obligation.Kind.OTHER: _("Another date"),
}
INTERPRETERS = {
    Explanation.Interpreter.NOT_NEEDED: _("Nobody: I speak it"),
    Explanation.Interpreter.STAFF: _("A colleague"),
    Explanation.Interpreter.PHONE: _("An interpreter on the telephone"),
    Explanation.Interpreter.IN_PERSON: _("An interpreter in person, no relative"),
}
TICKETS = {
    TicketSet.State.HELD: _("money set aside"),
    TicketSet.State.BOUGHT: _("bought"),
    TicketSet.State.ISSUED: _("issued"),
    TicketSet.State.LEFT: _("they left"),
    TicketSet.State.NOT_CONFIRMED: _("leaving not confirmed"),
    TicketSet.State.MISSED: _("missed"),
    TicketSet.State.CANCELLED: _("cancelled by the carrier"),
    TicketSet.State.VOID: _("void"),
}


def word(words: Mapping[Any, object], code: object) -> str:
    """A code's word in the language in force; the code itself where there is none."""
    return str(words.get(str(code), code))


def state_word(state: str) -> str:
    """Where a case stands, in words."""
    return word(STATES, state)


def park_word(why: str) -> str:
    """Why a case is parked, in words."""
    return gettext(PARK_REASONS[why]) if why in PARK_REASONS else why
