"""The database's half of P20: triggers so that a row never changes centre and no key leads out of one."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.record.guards import Guard, refuse


def list_scoped_models() -> list[type[CentreModel]]:
    """Every concrete model whose rows belong to a centre."""
    return [model for model in apps.get_models() if issubclass(model, CentreModel)]


def _keys(model: type[CentreModel]) -> list[models.ForeignKey[Any, Any]]:
    return [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, CentreModel)
    ]


def _leads_out(field: models.ForeignKey[Any, Any]) -> str:
    target, key = field.related_model._meta, field.column
    same = f't."{target.pk.column}" = NEW."{key}" AND t."centre_id" = NEW."centre_id"'
    there = f'EXISTS (SELECT 1 FROM "{target.db_table}" t WHERE {same})'  # noqa: S608  (names of our own models)
    return f'NEW."{key}" IS NOT NULL AND NOT {there}'


def list_centre_guards() -> list[Guard]:
    """For each scoped model: its centre is for good, and each key to another scoped row stays in the centre."""
    guards = []
    for model in list_scoped_models():
        guards.append(refuse("centre", model, "UPDATE", 'NEW."centre_id" <> OLD."centre_id"'))
        for field in _keys(model):
            guards.append(refuse(f"in_{field.column}", model, "INSERT", _leads_out(field)))
            guards.append(refuse(f"up_{field.column}", model, "UPDATE", _leads_out(field)))
    return guards


@register()
def check_base_managers(app_configs: object, **_: object) -> list[CheckMessage]:
    """A scoped model whose Meta forgot the base manager would leak through forward keys."""
    return [
        Error(f"{model.__name__}.Meta must inherit CentreModel.Meta", obj=model, id="onward.E001")
        for model in list_scoped_models()
        if model._meta.base_manager_name != "objects" or model._meta.default_manager_name != "objects"
    ]
