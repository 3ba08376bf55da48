"""Front-end files are the ones that were vendored, byte for byte."""

from pathlib import Path

from tools.vendor import VENDOR, list_differences, vendor


def test_the_vendored_files_are_the_ones_listed() -> None:
    assert list_differences(VENDOR) == []


def test_a_changed_missing_or_unlisted_file_is_named(tmp_path: Path) -> None:
    vendor(tmp_path)
    assert list_differences(tmp_path) == []
    (tmp_path / "extra.js").write_text("1")
    assert list_differences(tmp_path) == ["extra.js is not listed"]
    (tmp_path / "extra.js").unlink()
    (tmp_path / "htmx.min.js").write_bytes((tmp_path / "htmx.min.js").read_bytes() + b" ")
    assert list_differences(tmp_path) == ["htmx.min.js is not the file that was vendored: its SHA-256 differs"]
    (tmp_path / "htmx.min.js").unlink()
    assert list_differences(tmp_path) == ["htmx.min.js is listed but missing"]
