"""Front-end files kept in the tree by version and hash: copies them from the wheels that carry them, and checks them.

python tools/vendor.py           copy again and write VENDORED.toml
python tools/vendor.py --check   say which files differ from VENDORED.toml; exit 1 if any
"""

import hashlib
import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "src/onward/faces/static/vendor"
LIST_NAME = "VENDORED.toml"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to keep. wheel and path: where it is copied from; version: how the file states its own version."""

    file: str
    name: str
    licence: str
    wheel: str
    path: str
    version: str


SOURCES = (
    Source(
        file="htmx.min.js",
        name="htmx",
        licence="0BSD",
        wheel="django-htmx",
        path="django_htmx/static/django_htmx/htmx-2.min.js",
        version=r'version:"(2\.[0-9.]+)"',
    ),
)


def sha256_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def copy_file(source: Source, folder: Path) -> str:
    """Copy one file out of its wheel into the folder; returns its entry for the list.

    Raises SystemExit where the wheel does not hold the file, or the file no longer states a version we expect.
    """
    wheel = distribution(source.wheel)
    content = Path(str(wheel.locate_file(source.path))).read_bytes()
    stated = re.search(source.version, content.decode("utf-8"))
    if stated is None:
        raise SystemExit(f"{source.path} in {source.wheel} {wheel.version} states no version like {source.version}")
    (folder / source.file).write_bytes(content)
    return "\n".join(
        (
            f'["{source.file}"]',
            f'name = "{source.name}"',
            f'version = "{stated[1]}"',
            f'sha256 = "{sha256_of(content)}"',
            f'licence = "{source.licence}"',
            f'from = "{source.wheel} {wheel.version}: {source.path}"',
            "",
        )
    )


def vendor(folder: Path) -> None:
    """Copy every file and write the list."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = [copy_file(source, folder) for source in SOURCES]
    (folder / LIST_NAME).write_text("# Written by tools/vendor.py.\n\n" + "\n".join(entries), encoding="utf-8")


def list_differences(folder: Path) -> list[str]:
    """A sentence for each file that is missing, not listed, or not the one listed."""
    listed = tomllib.loads((folder / LIST_NAME).read_text(encoding="utf-8"))
    there = {path.name for path in folder.iterdir() if path.name != LIST_NAME}
    missing = [f"{name} is listed but missing" for name in sorted(listed.keys() - there)]
    unlisted = [f"{name} is not listed" for name in sorted(there - listed.keys())]
    changed = [
        f"{name} is not the file that was vendored: its SHA-256 differs"
        for name in sorted(there & listed.keys())
        if sha256_of((folder / name).read_bytes()) != listed[name]["sha256"]
    ]
    return missing + unlisted + changed


def main(arguments: list[str]) -> int:
    """Copy, or with --check compare. Returns the exit code."""
    if arguments == ["--check"]:
        differences = list_differences(VENDOR)
        for sentence in differences:
            print(f"{VENDOR.name}/{LIST_NAME}: {sentence}", file=sys.stderr)
        if differences:
            print("Run: python tools/vendor.py", file=sys.stderr)
        return 1 if differences else 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    vendor(VENDOR)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
