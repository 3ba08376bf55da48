"""How times, durations, money and ages are written, in the language in force."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from django.utils.translation import get_language, get_language_bidi, gettext, ngettext

from onward.core.money import MINOR_DIGITS, Money

RIGHT_TO_LEFT = "\u200f"
"""The mark some locales put before an amount, which would part "US" from its "$"."""


def current_locale() -> Locale:
    """The locale of the language in force; English where there is none."""
    return _locale_of(get_language() or "en")


# A page writes the same few days and hours many times over, and Babel reads its patterns afresh each time.
@cache
def _locale_of(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=2048)
def _day_in(language: str, on: date) -> str:
    return format_date(on, "EEE d MMM", locale=_locale_of(language))


@lru_cache(maxsize=2048)
def _clock_in(language: str, at: time) -> str:
    locale = _locale_of(language)
    twelve = locale.territory is not None and "a" in locale.time_formats["short"].pattern
    return format_time(at, "h:mm a" if twelve else "HH:mm", locale=locale)


def day(on: date) -> str:
    """A weekday and a day: "Wed 11 Jun"."""
    return _day_in(get_language() or "en", on.date() if isinstance(on, datetime) else on)


def clock(at: datetime) -> str:
    """The time of day as it stands in `at`: "07:15", or "7:15 AM" where the language names a place that writes so."""
    return _clock_in(get_language() or "en", at.time())


def moment(at: datetime, zone: str, place: str = "") -> str:
    """An instant on the wall clock of `zone` (IANA), with the place: "Wed 11 Jun 07:15, New York"."""
    local = at.astimezone(ZoneInfo(zone))
    written = f"{day(local.date())} {clock(local)}"
    return gettext("%(moment)s, %(place)s") % {"moment": written, "place": place} if place else written


def duration(length: timedelta | int) -> str:
    """A length of time, a timedelta or seconds: "13 h 01", "45 min"."""
    seconds = int(length.total_seconds()) if isinstance(length, timedelta) else length
    hours, minutes = divmod(max(0, seconds) // 60, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    return gettext("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{minutes:02d}"}


def age(at: datetime, now: datetime | None = None) -> str:
    """How long ago, or how soon: "3 days ago", "in 2 hours"."""
    return format_timedelta(at - (now or datetime.now(UTC)), add_direction=True, locale=current_locale())


def apart(text: str) -> str:
    """A name or number that keeps its own direction among right-to-left words, in letters as on pages.

    Unicode 16, UAX 9: first strong isolate and left-to-right isolate. Untouched where the language runs left to right.
    """
    if not get_language_bidi():
        return text
    return ("\u2066" if text[:1] in "+0123456789" else "\u2068") + text + "\u2069"


def cash(money: Money) -> str:
    """An amount as the language writes it: "$592.00", "592,00 $US"; one unit whatever stands around it."""
    amount = Decimal(money.minor).scaleb(-MINOR_DIGITS[money.currency])
    written = format_currency(amount, money.currency, locale=current_locale())
    return f"\u2066{written.lstrip(RIGHT_TO_LEFT)}\u2069" if get_language_bidi() else written


def cash_for(money: Money, heads: int) -> str:
    """Money for the whole party: "$592.00 for 4"."""
    return gettext("%(money)s for %(heads)s") % {"money": cash(money), "heads": heads}


def listed(words: Sequence[str]) -> str:
    """Words one after another as the language lists them: "Chicago, Montréal, and Toronto"."""
    return format_list(list(words), locale=current_locale())


def number(value: int) -> str:
    """A whole number with the language's grouping: "12,300"."""
    return format_decimal(value, locale=current_locale())


def people(heads: int) -> str:
    """Heads in words: "1 person", "4 people"."""
    return ngettext("%(heads)s person", "%(heads)s people", heads) % {"heads": heads}


FORMATS: dict[str, Callable[..., str]] = {
    "age": age,
    "cash": cash,
    "clock": clock,
    "day": day,
    "duration": duration,
    "number": number,
    "people": people,
}
"""The ones templates use as filters of the same name."""
