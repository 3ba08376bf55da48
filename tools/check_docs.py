"""Docs against code: every setting, command and personal field is named in docs/, and nothing that is gone is.

Fails with a line for each thing that stands in the code and not in the docs.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def _all_docs() -> str:
    return "\n".join(path.read_text() for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])


def list_settings() -> set[str]:
    """Every ONWARD_ variable the product or its tools read."""
    sources = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "tools").iterdir(),
        ROOT / "Makefile",
        ROOT / "tests/conftest.py",
    ]
    texts = [path.read_text() for path in sources if path.is_file()]
    return set(re.findall(r"\bONWARD_[A-Z]+(?:_[A-Z]+)*\b", "\n".join(texts)))


def list_commands() -> set[str]:
    """Every command of the command line, "onward feed add" and the like."""
    from typer.main import get_command

    from onward.faces.cli.main import app

    found = set()

    def walk(command: object, path: str) -> None:
        inner = getattr(command, "commands", None)
        if not inner:
            found.add(path)
            return
        for name, child in inner.items():
            walk(child, f"{path} {name}")

    walk(get_command(app), "onward")
    return found


def list_personal() -> set[str]:
    """Every personal field with its reason, as a row of docs/reference/personal-data.md."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings_test")
    import django

    django.setup()
    from onward.apps.people.sealed import list_personal_fields

    return {
        f"| {name} | {reason.purpose} | {reason.basis} | {reason.seen_by} | {reason.kept} |"
        if reason
        else f"{name} has no reason"
        for name, reason in list_personal_fields()
    }


def list_faults() -> Iterator[str]:
    """A line for each thing the docs do not name, or name though it is gone."""
    docs = _all_docs()
    settings = list_settings()
    for kind, wanted in (("setting", settings), ("command", list_commands()), ("personal field", list_personal())):
        for name in sorted(wanted):
            if name not in docs:
                yield f"{kind} {name} is in the code and not in docs/"
    for name in sorted(set(re.findall(r"\bONWARD_[A-Z_]+\b", docs)) - settings):
        yield f"setting {name} is in the docs and not in the code"
    for link_source in [*DOCS.rglob("*.md"), ROOT / "README.md"]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", link_source.read_text()):
            if not (link_source.parent / target).exists():
                yield f"{link_source.relative_to(ROOT)}: link to {target}, which is not there"


if __name__ == "__main__":
    faults = list(list_faults())
    print("\n".join(faults) or "docs agree with the code")
    sys.exit(1 if faults else 0)
