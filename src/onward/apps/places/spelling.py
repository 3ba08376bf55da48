"""Names of places as people type them, made comparable: case, accents, scripts' variants, small slips."""

import re
import unicodedata
from functools import lru_cache

READ_MOST = 120
"""Characters of a text that are looked at; nobody's town is longer."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None}
)
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "cd": "ciudad"}
_APOSTROPHES = re.compile("['’ʼ`´.]")  # noqa: RUF001  (the typographic ones are meant)
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """A text without case, accents and punctuation, its words apart by one space ("St. John's" is "saint johns").

    Arabic letters lose hamza, madda and vowel marks, and final forms that are typed for one another become one.
    """
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text[:READ_MOST].casefold())
        if not unicodedata.combining(letter)
    )
    words = _BETWEEN_WORDS.sub(" ", _APOSTROPHES.sub("", bare.translate(_LETTERS))).split()
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)


def slips_allowed(length: int) -> int:
    """How many typing slips a name of that many letters may have and still be meant."""
    return 0 if length < 4 else 1 if length < 7 else 2


def count_slips(one: str, other: str, most: int) -> int:
    """Letters wrong, missing, doubled or swapped between two texts; `most + 1` when there are more than `most`.

    The optimal string alignment distance (Damerau 1964, without edits inside a swapped pair).
    """
    if abs(len(one) - len(other)) > most or (_letters(one) ^ _letters(other)).bit_count() > 2 * most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > most and (not before or min(above) > most):
            return most + 1
        before, above = above, row
    return min(above[-1], most + 1)


@lru_cache(maxsize=16384)
def _letters(text: str) -> int:
    """Which letters a text holds, as bits: a slip changes two at most, so that most pairs need no counting."""
    bits = 0
    for letter in text:
        bits |= 1 << ord(letter) % 64
    return bits
