"""One installation for all tests of this folder."""

from pathlib import Path

import pytest

from tests.site.house import House, free_port


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An installation that `onward init` made ready."""
    home: Path = tmp_path_factory.mktemp("a house") / "with spaces"
    made = House(home, free_port())
    done = made.run("init")
    assert done.returncode == 0, done.stderr
    return made
