"""Results out: Parquet and text, each file whole or not there at all, the same bytes for the same values."""

import io
import json
from collections.abc import Mapping
from pathlib import Path

from onward.core.errors import BadInput, message
from onward.core.whole_files import write_whole

type Columns = Mapping[str, object]
"""Names and equally long columns: arrays or lists."""


def write_text(path: Path, text: str) -> None:
    """A text file, whole or not at all. Raises BadInput where it cannot be written."""
    _whole(path, text.encode())


def write_table(path: Path, columns: Columns, about: Mapping[str, str]) -> None:
    """A Parquet file, whole or not at all. about: kept in the file beside the table. Raises BadInput."""
    import polars

    frame = polars.DataFrame(dict(columns))
    held = io.BytesIO()
    frame.write_parquet(held, compression="zstd", metadata=dict(about))
    _whole(path, held.getvalue())


def as_json(values: Mapping[str, object]) -> str:
    """JSON for people and programs: a line for each key in its order, numbers that are none as null."""
    plain = {key: json.dumps(_plain(value), ensure_ascii=False, allow_nan=False) for key, value in values.items()}
    return "{\n" + ",\n".join(f" {json.dumps(key)}: {text}" for key, text in plain.items()) + "\n}"


def _plain(values: object) -> object:
    if isinstance(values, Mapping):
        return {str(key): _plain(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [_plain(value) for value in values]
    if isinstance(values, float):
        return values if values - values == 0 else None
    if hasattr(values, "tolist"):
        return _plain(values.tolist())
    return values.isoformat() if hasattr(values, "isoformat") else values


def _whole(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as problem:
        raise BadInput(
            "flow.cannot_write",
            message("%(name)s cannot be written: %(why)s."),
            remedy=message("Give a file in a folder that is there and may be written to."),
            field="path",
            values={"name": path.name, "why": problem.strerror or "the disk refused"},
        ) from problem
