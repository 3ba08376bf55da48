"""What a receiving place reads: notices, answers and needs in the words of the language in force."""

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from onward.apps.notices.models import Answer, Notice
from onward.apps.notices.showing import Told
from onward.apps.people.models import Known
from onward.apps.places.models import CapacityStatement, Place
from onward.faces import formats
from onward.faces.formats import apart

KNOWN: Mapping[Known, Promise] = {
    Known.YES: gettext_lazy("yes"),
    Known.NO: gettext_lazy("no"),
    Known.UNKNOWN: gettext_lazy("they do not know"),
    Known.DECLINED: gettext_lazy("they did not want to say"),
    Known.NOT_ASKED: gettext_lazy("not asked"),
}
ANSWERS: Mapping[str, Promise] = {
    Answer.Code.CAN: gettext_lazy("We can receive them"),
    Answer.Code.CANNOT: gettext_lazy("We cannot receive them"),
    Answer.Code.ASK_US: gettext_lazy("Ask us first"),
    Answer.Code.OBJECT: gettext_lazy("We object"),
}
ROOM: Mapping[str, Promise] = {
    CapacityStatement.Code.CAN: gettext_lazy("We have room"),
    CapacityStatement.Code.CANNOT: gettext_lazy("We have no room"),
    CapacityStatement.Code.ASK_US: gettext_lazy("Ask us"),
}


def place_name(place: Place) -> str:
    """A place's name in the language in force."""
    return str(place.names.get((get_language() or "en").partition("-")[0], place.name))


def window(start_h: int) -> str:
    """A six-hour window on the place's clock, to stand after a day: "between 06:00 and 12:00"."""
    return {
        0: gettext("between midnight and 06:00"),
        6: gettext("between 06:00 and 12:00"),
        12: gettext("between 12:00 and 18:00"),
        18: gettext("between 18:00 and midnight"),
    }[start_h]


def headline(told: Told) -> str:
    """The first sentence of a notice: how many, which day."""
    values = {"place": place_name(told.place), "day": formats.day(told.day), "heads": told.heads}
    if told.kind == Notice.Kind.WITHDRAWN:
        return gettext("A notice for %(day)s was taken back") % values
    if told.day_heads is not None:
        return _day_total(told.day, told.day_heads)
    if told.kind == Notice.Kind.CANCELLED:
        return (
            ngettext(
                "%(heads)s person is not coming on %(day)s after all",
                "%(heads)s people are not coming on %(day)s after all",
                told.heads or 0,
            )
            % values
        )
    return (
        ngettext("%(heads)s person is coming on %(day)s", "%(heads)s people are coming on %(day)s", told.heads or 0)
        % values
    )


def _day_total(day: date, heads: int) -> str:
    values = {"day": formats.day(day), "heads": heads}
    return (
        ngettext("%(day)s: %(heads)s person known to come", "%(day)s: %(heads)s people known to come", heads) % values
    )


def arrival(told: Told) -> str:
    """When, as a notice says it: the day, the window and whose clock. The day alone for day totals."""
    if told.window_start_h is None:
        return formats.day(told.day)
    return gettext("%(day)s, %(window)s, %(place)s time") % {
        "day": formats.day(told.day),
        "window": window(told.window_start_h),
        "place": apart(place_name(told.place)),
    }


def rows(told: Told) -> list[dict[str, str]]:
    """The facts of a notice as label and value, in the order a place asks for them; nothing beyond `told`."""
    found = [(gettext("When"), arrival(told))]
    if told.heads is not None:
        found.append((gettext("How many"), formats.people(told.heads)))
    if told.unit_sizes is not None:
        found.append((gettext("Sleep together"), ", ".join(formats.people(size) for size in told.unit_sizes)))
    for label, known in (
        (gettext("Bed on the night of arrival"), told.bed_tonight),
        (gettext("Way without steps"), told.step_free),
        (gettext("Interpreter"), told.interpreter),
    ):
        if known is not None:
            found.append((label, str(KNOWN[known])))
    sender = {"sender": apart(told.sender), "phone": apart(told.sender_phone)}
    found.append((gettext("Told by"), gettext("%(sender)s, telephone %(phone)s") % sender))
    found.append((gettext("Reference"), apart(told.reference)))
    return [{"label": label, "value": value, "url": ""} for label, value in found]
