"""Fields that hold something personal: sealed bytes in the database, with why they exist written beside them (P19)."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a personal field exists. purpose: what for. basis: on what ground. seen_by: who reads it. kept: how long."""

    purpose: str
    basis: str
    seen_by: str
    kept: str


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A column of bytes sealed with the case's key; empty bytes mean nothing was given.

    Code never reads text from it: people.sealing opens it, and logs the look.
    """

    def __init__(self, *args: Any, reason: Reason | None = None, **kwargs: Any) -> None:
        self.reason = reason
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Migrations keep the column, not its reason."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs


def list_personal_fields() -> list[tuple[str, Reason | None]]:
    """Every sealed column of the product as "app.Model.field" with its reason, in order."""
    return sorted(
        (
            (f"{model._meta.app_label}.{model.__name__}.{field.name}", field.reason)
            for model in apps.get_models()
            for field in model._meta.local_fields
            if isinstance(field, SealedField)
        ),
        key=lambda row: row[0],
    )
