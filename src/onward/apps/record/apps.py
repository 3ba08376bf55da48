"""The record's place among the apps; puts the database's guards up after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordConfig(AppConfig):
    """Application `record`."""

    name = "onward.apps.record"
    label = "record"

    def ready(self) -> None:
        """Register the record's own guards; put all guards up after every migrate (a remade table loses its own)."""
        from onward.apps.record import guards
        from onward.apps.record.models import Anchor, Entry, Head

        guards.register(lambda: guards.append_only(Entry, unique=("chain", "seq")))
        guards.register(lambda: guards.append_only(Anchor, unique=("on",)))
        guards.register(
            lambda: [
                guards.refuse("delete", Head, "DELETE"),
                guards.refuse("backwards", Head, "UPDATE", "NEW.seq <> OLD.seq + 1 OR NEW.chain <> OLD.chain"),
            ]
        )
        post_migrate.connect(guards.install_after_migrate, sender=self, dispatch_uid="onward.guards")
