"""Many short texts as two arrays, so that they lie in a mapped file and only those asked for are made."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

type Bytes = NDArray[np.uint8]
type Numbers = NDArray[np.int32]


class TextWriter:
    """Texts by number, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """The text's number."""
        return self._numbers.setdefault(text, len(self._numbers))

    def numbers(self, texts: Iterable[str]) -> Numbers:
        """The numbers of several texts."""
        return np.fromiter((self.number(text) for text in texts), np.int32)

    def arrays(self) -> tuple[Numbers, Bytes]:
        """first, letters: text n is UTF-8 in letters[first[n] : first[n + 1]]."""
        encoded = [text.encode() for text in self._numbers]
        first = np.zeros(len(encoded) + 1, np.int32)
        np.cumsum([len(text) for text in encoded], out=first[1:])
        return first, np.frombuffer(b"".join(encoded), np.uint8)


class Texts(dict[int, str]):
    """Texts by number, made when first asked for; the arrays are TextWriter's. base: what number 0 stands for."""

    def __init__(self, first: Numbers, letters: Bytes, base: int = 0) -> None:
        self._first, self._letters, self._base = memoryview(first), memoryview(letters), base

    def __missing__(self, number: int) -> str:
        at = self._base + number
        text = self[number] = str(self._letters[self._first[at] : self._first[at + 1]], "utf-8")
        return text
