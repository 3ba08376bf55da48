"""People's names met forgivingly: case, accents, scripts, slips. Pure, over names opened for one search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from onward.apps.places.spelling import count_slips, fold, slips_allowed

# Each letter followed by how it is written in Latin ones; marks are gone before (й is и, ё is е).
_CYRILLIC = (
    "аa бb вv гg ґg дd еe єe жzh зz иi іi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щshch ъ ыy ь эe юyu яya"
)
_ARABIC = "اa بb تt ثth جj حh خh دd ذd رr زz سs شsh صs ضd طt ظz عa غg فf قk كk لl مm نn هh وw يy پp چch گg ء"
_LATIN = str.maketrans({pair[0]: pair[1:] for pair in f"{_CYRILLIC} {_ARABIC}".split()})
_SOUNDS = (
    (re.compile("kh|gh"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("ck|q|c(?![hei])"), "k"),
    (re.compile("c(?=[ei])|z|ss"), "s"),
    (re.compile("[yi]|ee|ie"), "i"),
    (re.compile("ou|oo|w|o"), "u"),
    (re.compile("v"), "b"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_NOT_CONSONANT = re.compile("[aeiuh]")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name and the party they are of."""

    party_id: int
    text: str


def in_latin(text: str) -> str:
    """A name folded, Cyrillic and Arabic letters written in Latin ones."""
    return fold(text).translate(_LATIN)


def sound(word: str) -> str:
    """A Latin word as it sounds, roughly: spellings of one name that sound alike become one."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def _consonants(word: str) -> str:
    return _NOT_CONSONANT.sub("", word)


def _meet(said: str, word: str) -> int | None:
    """How far a word of a name is from a word that was typed, 0 being the same; None when it is another name."""
    if said == word:
        return 0
    if len(said) >= 2 and word.startswith(said):
        return 1
    said_sound, word_sound = sound(said), sound(word)
    if said_sound == word_sound:
        return 2
    bones = _consonants(said_sound)
    if len(bones) >= 3 and bones == _consonants(word_sound):
        return 3
    most = slips_allowed(len(said))
    if not most or abs(len(said) - len(word)) > most or len(set(said) ^ set(word)) > 2 * most:
        return None
    slips = count_slips(said, word, most)
    return 3 + slips if slips <= most else None


def rank_names(text: str, names: Sequence[Name]) -> list[Name]:
    """The names that meet every word typed, the closest first; equally close ones in the order given."""
    said = in_latin(text).split()
    if not said:
        return []
    met: dict[tuple[str, str], int | None] = {}
    found = []
    for order, name in enumerate(names):
        distance = _distance(said, in_latin(name.text).split(), met)
        if distance is not None:
            found.append((distance, order, name))
    return [name for _, _, name in sorted(found, key=lambda one: one[:2])]


def _distance(said: list[str], words: list[str], met: dict[tuple[str, str], int | None]) -> int | None:
    """The sum over the words typed of the nearest word of the name. met: distances this search has worked out."""
    total = 0
    for one in said:
        best: int | None = None
        for word in words:
            if (one, word) not in met:
                met[one, word] = _meet(one, word)
            distance = met[one, word]
            if distance is not None and (best is None or distance < best):
                best = distance
        if best is None:
            return None
        total += best
    return total
