"""Expecting an error of the tree by its stable code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from onward.core.errors import OnwardError


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[OnwardError]]:
    """The block must raise the OnwardError with this code."""
    with pytest.raises(OnwardError) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
