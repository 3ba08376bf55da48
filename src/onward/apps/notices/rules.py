"""What a place is told and when: windows, expiry of links, delays between tries. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onward.apps.notices.models import Answer, Notice
from onward.apps.people.models import Known
from onward.apps.places.words import read_words
from onward.core.errors import BadInput, Conflict, message
from onward.core.window import Window

WINDOW_HOURS = 6
LINK_DAYS = 30
"""A link ends this many days after the day it is about."""
LEASE = timedelta(seconds=60)
"""How long a try may take before another worker takes it for dead."""

_FIRST_DELAY_S, _LONGEST_DELAY_S = 5, 300
STANDING_KINDS = frozenset({Notice.Kind.COMING, Notice.Kind.CHANGED})


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is told of a set (P11). day, window_start_h: local to the place. unit_sizes: who sleep together."""

    day: date
    window_start_h: int
    heads: int
    bed_tonight: Known
    unit_sizes: tuple[int, ...]
    step_free: Known
    interpreter: Known


def arrival_window(arrive_at: datetime, zone: str) -> tuple[date, int]:
    """The local day and first hour (0, 6, 12, 18) of the six-hour window in which an instant falls in a zone (IANA)."""
    start = Window.of_hours(arrive_at.astimezone(ZoneInfo(zone)), WINDOW_HOURS).start_at
    return start.date(), start.hour


def link_last_day(day: date) -> date:
    """The last local day on which the link of a notice about `day` opens."""
    return day + timedelta(days=LINK_DAYS)


def link_end(day: date, zone: str) -> datetime:
    """The instant a link ends: midnight after its last local day."""
    return datetime.combine(link_last_day(day) + timedelta(days=1), time(0), tzinfo=ZoneInfo(zone))


def retry_delay(tries: int) -> timedelta:
    """How long to wait after the `tries`-th failed try: 5 s, doubling, five minutes at most."""
    return timedelta(seconds=min(_FIRST_DELAY_S * 2 ** min(tries - 1, 10), _LONGEST_DELAY_S))


def withdrawn(facts: Facts) -> Facts:
    """What is left of facts the traveller no longer wants told: the day, so that the place can strike its row."""
    return Facts(facts.day, 0, 0, Known.NOT_ASKED, (), Known.NOT_ASKED, Known.NOT_ASKED)


def read_answer(code: str, words: str) -> tuple[Answer.Code, str]:
    """An answer's code and words, checked; raises BadInput for the fields "code" and "words"."""
    if code not in Answer.Code.values:
        raise BadInput(
            "answer.code_unknown",
            message("Choose one of the answers."),
            field="code",
        )
    return Answer.Code(code), read_words(words)


def require_open(notice: Notice, now: datetime) -> None:
    """Raise Conflict where a notice takes no answer: replaced, cancelled, withdrawn or past its end."""
    if notice.superseded_by_id is not None:
        raise Conflict(
            "notice.replaced",
            message("This notice was replaced by a newer one, so it takes no answer any more."),
            remedy=message("Open the newest notice and answer there."),
        )
    if notice.kind not in STANDING_KINDS:
        raise Conflict(
            "notice.nobody_comes", message("Nobody is coming on this notice, so there is nothing to answer.")
        )
    if now >= notice.expires_at:
        raise Conflict("notice.ended", message("This notice has ended, so it takes no answer any more."))
