"""Where the files that come with the product lie."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def find_data_file(name: str) -> Path:
    """A file of the data folder: beside the package when installed, else the project's own."""
    installed = _PACKAGE / "data" / name
    return installed if installed.is_file() else _PACKAGE.parents[1] / "data" / name
