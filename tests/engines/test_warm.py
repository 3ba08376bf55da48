"""Compiled ahead of time: afterwards no engine compiles anything, and what nobody uses is taken away."""

import os
import subprocess
import sys
from pathlib import Path

from onward.engines import jit, warm

OLD = 1_700_000_000


def test_code_of_a_version_long_unused_goes_and_the_code_in_use_stays(tmp_path: Path, monkeypatch) -> None:
    mine, old, recent = (tmp_path / name for name in ("mine", "old", "recent"))
    for folder in (mine, old, recent):
        folder.mkdir()
    os.utime(old, (OLD, OLD))
    os.utime(mine, (OLD, OLD))
    monkeypatch.setattr(jit, "compiled_folder", lambda: mine)
    warm.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "recent"]


def test_where_the_wanted_folder_cannot_be_written_there_is_another_one(tmp_path: Path) -> None:
    """A file stands where the folder should be: nobody, not even root, can make it."""
    (tmp_path / "compiled").write_text("in the way")
    asked = "from onward.engines import jit; print(jit.compiled_folder())"
    given = os.environ | {"ONWARD_COMPILED": str(tmp_path / "compiled"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", asked], env=given, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
    assert "onward-compiled-" in done.stdout


def test_an_engine_that_cannot_be_compiled_is_named_and_asked_again(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(jit, "compiled_folder", lambda: tmp_path)
    monkeypatch.setattr(warm, "ENGINES", ("no_such_engine",))
    assert warm.warm_all() == ("no_such_engine",)
    assert not list(tmp_path.iterdir())
