"""What a receiving place is shown of a notice: the one gate everything passes that is sent or put on its pages."""

from dataclasses import dataclass
from datetime import date, datetime

from onward.apps.notices.coming import count_heads
from onward.apps.notices.models import Answer, Notice
from onward.apps.notices.rules import STANDING_KINDS
from onward.apps.people.models import Known
from onward.apps.places.models import Place
from onward.core.errors import NotFound, message


@dataclass(frozen=True, slots=True)
class Told:
    """Everything a receiving place is shown of a notice, in a message or on a page; there is no other way out (P11).

    Fields are None where the place is cut to day totals; then only day_heads says how many come that day in all.
    place: from the public list of places. sender, sender_phone: the sending centre's.
    """

    reference: str
    kind: Notice.Kind
    place: Place
    sender: str
    sender_phone: str
    day: date
    window_start_h: int | None
    heads: int | None
    bed_tonight: Known | None
    unit_sizes: tuple[int, ...] | None
    step_free: Known | None
    interpreter: Known | None
    day_heads: int | None
    issued_at: datetime
    expires_at: datetime


def get_notice(reference: str) -> Notice:
    """A notice by what people say on the phone, inside the scope in force; raises NotFound."""
    found = Notice.objects.filter(reference=reference).select_related("place__receiving", "centre").first()
    if found is None:
        raise NotFound("notice.unknown", message("There is no such notice."))
    return found


def find_newest(notice: Notice) -> Notice:
    """The notice that stands in a notice's stead by now; itself where nothing replaced it."""
    newest = notice
    while newest.superseded_by_id is not None:
        newest = Notice.objects.select_related("place__receiving", "centre").get(pk=newest.superseded_by_id)
    return newest


def list_own_answers(notice: Notice) -> list[Answer]:
    """What the place has answered to this notice and to those it replaced, oldest first."""
    journey = notice.reference.rpartition("-")[0]
    return list(Answer.objects.filter(notice__reference__startswith=f"{journey}-").select_related("notice"))


def is_cut_to_totals(notice: Notice) -> bool:
    """Whether the place of a notice is told day totals only."""
    receiving = getattr(notice.place, "receiving", None)
    return receiving is not None and receiving.is_day_totals_only


def show(notice: Notice) -> Told:
    """The one gate: what a place may be shown of a notice. Works in any scope that may read the notice.

    A cancelled notice keeps day, window and heads, so that the row can be found; a withdrawn one keeps the day.
    """
    is_cut = is_cut_to_totals(notice)
    is_found = not is_cut and notice.kind != Notice.Kind.WITHDRAWN
    is_whole = not is_cut and notice.kind in STANDING_KINDS
    return Told(
        reference=notice.reference,
        kind=Notice.Kind(notice.kind),
        place=notice.place,
        sender=notice.centre.name,
        sender_phone=notice.centre.phone,
        day=notice.day,
        window_start_h=notice.window_start_h if is_found else None,
        heads=notice.heads if is_found else None,
        bed_tonight=Known(notice.bed_tonight) if is_whole else None,
        unit_sizes=tuple(notice.unit_sizes) if is_whole else None,
        step_free=Known(notice.step_free) if is_whole else None,
        interpreter=Known(notice.interpreter) if is_whole else None,
        day_heads=count_heads(notice.place_id, notice.day) if is_cut else None,
        issued_at=notice.issued_at,
        expires_at=notice.expires_at,
    )
