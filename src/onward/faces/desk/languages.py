"""The languages people speak: what each is called in the page's language and in itself, and which way it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from gettext import find

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils.translation import get_language, override, to_locale

from onward.faces.formats import current_locale

COUNTER = ("es", "en", "fr", "ar", "ht", "pt", "zh", "ru", "fa", "ps", "wo", "ti")
"""The keys at the counter; every other language is one more press away."""


def name_of(code: str) -> str:
    """A language's name in the language in force: "Spanish", "español"; the code where nobody knows it."""
    return str(current_locale().languages.get(code.replace("-", "_"), code))


def own_name(code: str) -> str:
    """A language's name in itself: "español"; in the language in force where its own is not known."""
    locale = _locale(code)
    own = locale.languages.get(locale.language) if locale else None
    return str(own) if own else name_of(code)


def label_of(code: str) -> str:
    """Both names, for worker and traveller to point at: "Spanish · español"."""
    name, own = name_of(code), own_name(code)
    return name if name.casefold() == own.casefold() else f"{name} · {own}"


def direction(code: str) -> str:
    """ "rtl" or "ltr"."""
    locale = _locale(code)
    return str(locale.text_direction) if locale else "ltr"


def list_languages() -> list[tuple[str, str]]:
    """Every language the desk can write down, with its name in the language in force, by name."""
    return _list_in(get_language() or "en")


@cache
def _list_in(page_language: str) -> list[tuple[str, str]]:
    with override(page_language):
        known = [(code, str(name)) for code, name in current_locale().languages.items() if code.isalpha()]
    return sorted(
        (one for one in known if 2 <= len(one[0]) <= 3 and one[0] not in NO_LANGUAGES), key=lambda one: one[1]
    )


NO_LANGUAGES = frozenset({"mul", "und", "zxx", "root"})


@cache
def _locale(code: str) -> Locale | None:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def has_catalogue(code: str) -> bool:
    """Whether the product's own sentences are written in a language; English always are."""
    if code.split("-")[0] == "en":
        return True
    return any(find("django", str(path), [to_locale(code)]) for path in settings.LOCALE_PATHS)


@contextmanager
def speaking(code: str) -> Iterator[str]:
    """Within it, sentences come in that language where they are written in it, else in English; gives which."""
    spoken = code if has_catalogue(code) else "en"
    with override(spoken):
        yield spoken
