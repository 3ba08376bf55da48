"""Names made comparable: no accents, no case, no punctuation, and how far two words differ."""

import re
import unicodedata
from functools import lru_cache

PASSED_OVER = frozenset(
    ("station", "stations", "stop", "terminal", "center", "centre", "hall", "gare", "gares", "estacion")
    + ("train", "rail", "railway", "railroad", "amtrak", "bus", "coach")
    + ("the", "of", "at", "and", "de", "du", "la", "le", "les", "l", "d", "st", "saint", "ste")
)
"""Words that do not tell one station from another."""


@lru_cache(maxsize=65536)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a name in small letters without accents: "Gare Lucien-L'Allier" gives gare lucien l allier."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return tuple(re.findall(r"[^\W_]+", bare))


def telling_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words less those that tell nothing; all of them where nothing else is left."""
    return tuple(word for word in words if word not in PASSED_OVER) or words


def is_misspelt(typed: str, word: str) -> bool:
    """Whether `typed` is `word` with a slip: one for words of four letters and more, two from eight on."""
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 8 else 2
    return abs(len(typed) - len(word)) <= allowed and slips(typed, word, allowed) <= allowed


def slips(one: str, other: str, most: int) -> int:
    """Letters changed, missing, added, or swapped with their neighbour; more than `most` where there are more.

    The optimal string alignment distance.
    """
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        last, row = rows[-1], [at]
        for place, there in enumerate(other, 1):
            cost = min(last[place] + 1, row[-1] + 1, last[place - 1] + (letter != there))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == there:
                cost = min(cost, rows[-2][place - 2] + 1)
            row.append(cost)
        rows.append(row)
        if min(row) > most:
            return most + 1
    return rows[-1][-1]
