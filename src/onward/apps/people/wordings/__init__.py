"""The wording read out before anything personal is asked, by language, from purpose.toml beside this file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from onward.core.errors import BadInput, message

PURPOSE = "purpose"


@dataclass(frozen=True, slots=True)
class Wording:
    """What is read out in one language. sentences: in order, one paragraph each. question: what a yes answers."""

    key: str
    version: str
    language: str
    title: str
    sentences: tuple[str, ...]
    question: str


@cache
def list_texts() -> tuple[Wording, ...]:
    """The purpose in every language there is, the English first."""
    raw = tomllib.loads((Path(__file__).parent / "purpose.toml").read_text(encoding="utf-8"))
    return tuple(
        Wording(raw["key"], raw["version"], language, text["title"], tuple(text["sentences"]), text["question"])
        for language, text in raw.items()
        if isinstance(text, dict)
    )


def find_wording(language: str) -> Wording | None:
    """The purpose in a language, or None where nobody wrote it."""
    return next((wording for wording in list_texts() if wording.language == language), None)


def load_wording(language: str) -> Wording:
    """The purpose in a language; BadInput for the field "language" where nobody wrote it."""
    wording = find_wording(language)
    if wording is None:
        raise BadInput(
            "explanation.no_wording",
            message("There is no wording in this language yet."),
            remedy=message("Read it out in a language that has one, through an interpreter."),
            field="language",
            values={"language": language[:8]},
        )
    return wording
