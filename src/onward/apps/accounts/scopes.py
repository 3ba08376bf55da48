"""Whose rows may be touched right now: a scope is entered, and everything outside it raises or is not there.

A read or write of centre rows with no scope raises NoScope: forgetting is loud. Inside `centre_scope` only that
centre's rows exist, also behind forward keys, refresh and save, because a scoped model's base manager is the scoped
one. Inside `place_scope` (a receiver's door) only models that declare `place_path` can be read at all. The database
holds the same line with triggers (fences.py).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models

from onward.core.errors import BrokenPromise, message


class NoScope(BrokenPromise):
    """Centre rows were touched without saying whose."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "scope.missing",
            message("%(what)s was touched outside any centre's scope."),
            values={"what": what},
        )


class OutOfScope(BrokenPromise):
    """A row of one centre was to be written while working for another."""

    def __init__(self, what: str) -> None:
        super().__init__(
            "scope.other_centre",
            message("%(what)s belongs to another centre."),
            values={"what": what},
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """centre_id: one centre. place_key: one receiving place's door. reason: all centres, for jobs and audits."""

    centre_id: int | None = None
    place_key: str | None = None
    reason: str = ""


_current: ContextVar[Scope | None] = ContextVar("onward_scope", default=None)


def find_scope() -> Scope | None:
    """The scope in force, if any."""
    return _current.get()


@contextmanager
def _entered(scope: Scope | None) -> Iterator[None]:
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


def centre_scope(centre_id: int) -> Any:  # a context manager; contextlib's own type says no more
    """Within it, only this centre's rows exist."""
    return _entered(Scope(centre_id=centre_id))


def place_scope(place_key: str) -> Any:
    """Within it, only what is addressed to this receiving place exists, and only models with a place_path."""
    return _entered(Scope(place_key=place_key))


def every_centre(reason: str) -> Any:
    """All centres, for a job or the operator; the reason is for whoever reads the code."""
    return _entered(Scope(reason=reason))


def no_scope() -> Any:
    """Leave any scope (for tests of the fence itself)."""
    return _entered(None)


class ScopedQuerySet[M: "CentreModel"](models.QuerySet[M]):
    """A query set that writes only rows of the scope in force."""

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        rows = list(objs)
        for row in rows:
            row.check_centre()
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows = list(objs)
        for row in rows:
            row.check_centre()
        return super().bulk_update(rows, fields, batch_size)

    def update(self, **values: Any) -> int:
        if {"centre", "centre_id"} & values.keys():
            raise OutOfScope(self.model.__name__)
        return super().update(**values)


class ScopedManager[M: "CentreModel"](models.Manager[M]):
    """The one manager of a scoped model, default and base alike."""

    def get_queryset(self) -> ScopedQuerySet[M]:
        scope = _current.get()
        if scope is None:
            raise NoScope(self.model.__name__)
        rows: ScopedQuerySet[M] = ScopedQuerySet(self.model, using=self._db)
        if scope.centre_id is not None:
            return rows.filter(centre_id=scope.centre_id)
        if scope.place_key is not None:
            if not self.model.place_path:
                raise NoScope(self.model.__name__)
            return rows.filter(**{self.model.place_path: scope.place_key})
        return rows


class CentreModel(models.Model):
    """A row that belongs to one centre, for good.

    place_path: the lookup that names the receiving place a row is addressed to; "" where receivers have no business.
    """

    place_path: ClassVar[str] = ""
    centre = models.ForeignKey("accounts.Centre", on_delete=models.PROTECT, related_name="+")
    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def check_centre(self) -> None:
        """Raise unless this row may be written in the scope in force."""
        scope = _current.get()
        if scope is None:
            raise NoScope(type(self).__name__)
        if scope.centre_id is not None and self.centre_id != scope.centre_id:
            raise OutOfScope(type(self).__name__)
        if scope.place_key is not None and not self.place_path:
            raise OutOfScope(type(self).__name__)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, if it is this centre's."""
        self.check_centre()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove the row, if it is this centre's."""
        self.check_centre()
        return super().delete(*args, **kwargs)
