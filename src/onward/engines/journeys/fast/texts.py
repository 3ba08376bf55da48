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


class Texts:
    """Texts read back by number; the arrays are those of TextWriter."""

    def __init__(self, first: Numbers, letters: Bytes) -> None:
        self._first, self._letters = first, memoryview(letters)
        self._made: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._first) - 1

    def __getitem__(self, number: int) -> str:
        text = self._made.get(number)
        if text is None:
            start, end = int(self._first[number]), int(self._first[number + 1])
            text = self._made[number] = str(self._letters[start:end], "utf-8")
        return text
