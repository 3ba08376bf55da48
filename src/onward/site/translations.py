"""Compiling the wording files (.po) into what gettext reads (.mo), in Python, at set-up."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def list_catalogues() -> dict[str, Path]:
    """Each language's wording file."""
    return {path.parent.parent.name: path for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))}


def compile_all() -> None:
    """Write each language's .mo beside its .po, whole or not at all."""
    for language, path in list_catalogues().items():
        with path.open("rb") as source:
            catalogue = read_po(source, locale=language)
        draft = path.with_suffix(".mo.draft")
        with draft.open("wb") as target:
            write_mo(target, catalogue, use_fuzzy=False)
        draft.replace(path.with_suffix(".mo"))
