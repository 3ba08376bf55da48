"""People's names met forgivingly: case, accents, scripts, slips. Pure, over names opened for one search.

All names of a centre are made comparable as one text, a line each: ten thousand short strings take ten times longer.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onward.apps.places.spelling import count_slips, slips_allowed

# Each letter followed by how it is written in plain Latin ones; marks are gone before (й is и, ё is е).
_LATIN = "øo łl đd æae œoe ıi þth ðd"
_CYRILLIC = (
    "аa бb вv гg ґg дd еe єe жzh зz иi іi кk лl мm нn оo пp рr сs тt уu фf хh цts чch шsh щshch ъ ыy ь эe юyu яya"
)
_ARABIC = (
    "اa بb تt ثth جj حh خh دd ذd رr زz سs شsh صs ضd طt ظz عa غg فf قk كk لl مm نn هh وw يy ىa یy کk ةa پp چch گg ء ـ"
)
_MARKS = dict.fromkeys(mark for mark in range(0x300, 0x3000) if unicodedata.combining(chr(mark)))
_PLAIN = _MARKS | {ord(pair[0]): pair[1:] for pair in f"{_LATIN} {_CYRILLIC} {_ARABIC}".split()}
_JOINED = re.compile("['’ʼ`´.]")  # noqa: RUF001  (the typographic ones are meant)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_PUNCTUATION = re.compile(r"[^\w\n ]+")

_ALIKE = "kh>h gh>h ph>f shch>x sch>x sh>x ch>x zh>j ce>se ci>si ck>k q>k c>k z>s y>i ee>i ie>i ou>u oo>u w>u o>u v>b"
_SOUNDS = tuple(pair.split(">") for pair in _ALIKE.split())
"""Spellings that sound alike, in the order they are put on."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FIRST_H = "\0"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name and the party they are of."""

    party_id: int
    text: str


def in_latin(text: str) -> str:
    """Text in small Latin letters without accents and punctuation, its words apart by blanks, its lines kept."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    plain = _NOT_ASCII.sub(lambda run: run.group().translate(_PLAIN), bare)
    return _PUNCTUATION.sub(" ", _JOINED.sub("", plain)).replace("_", " ")


def sound(text: str) -> str:
    """Latin words as they sound, roughly: spellings of one name that sound alike become one."""
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    for letter in _LETTERS:
        text = text.replace(letter * 2, letter)
    starts = f" {text}".replace(" h", f" {_FIRST_H}").replace("\nh", f"\n{_FIRST_H}")
    return starts.replace("h", "").replace(_FIRST_H, "h")[1:]


def bones(heard: str) -> str:
    """The consonants of words as they sound: what is left of them in a script that writes no vowels."""
    for vowel in "aeiu":
        heard = heard.replace(vowel, "")
    return heard


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that was typed, made ready once for a search."""

    word: str
    heard: str
    bones: str
    letters: frozenset[str]
    most_slips: int

    @classmethod
    def read(cls, word: str) -> "_Said":
        heard = sound(word)
        return cls(word, heard, bones(heard), frozenset(word), slips_allowed(len(word)))

    def meet_all(self, heard_of: Mapping[str, str]) -> dict[str, int]:
        """How far each word of the names is from this one, those of other names left out. heard_of: words as heard."""
        met = ((word, self._meet(word, heard)) for word, heard in heard_of.items())
        return {word: distance for word, distance in met if distance is not None}

    def _meet(self, word: str, heard: str) -> int | None:
        """How far a word of a name is from this one, 0 being the same; None when it is another name."""
        if self.word == word:
            return 0
        if len(self.word) >= 2 and word.startswith(self.word):
            return 1
        if self.heard == heard:
            return 2
        if len(self.bones) >= 3 and self.bones == bones(heard):
            return 3
        most = self.most_slips
        if abs(len(self.word) - len(word)) > most or len(self.letters.symmetric_difference(word)) > 2 * most:
            return None
        slips = count_slips(self.word, word, most)
        return 3 + slips if slips <= most else None


def rank_names(text: str, names: Sequence[Name]) -> list[Name]:
    """The names that meet every word typed, the closest first; equally close ones in the order given."""
    said = [_Said.read(word) for word in in_latin(text).split()]
    if not said:
        return []
    latin = in_latin("\n".join(name.text.replace("\n", " ") for name in names))
    heard_of = dict(zip(latin.split(), sound(latin).split(), strict=True))
    nears = [one.meet_all(heard_of) for one in said]
    found = []
    for order, line in enumerate(latin.split("\n")):
        words = line.split()
        if not any(near.keys().isdisjoint(words) for near in nears):
            found.append((sum(min(near[word] for word in words if word in near) for near in nears), order))
    return [names[order] for _, order in sorted(found)]
