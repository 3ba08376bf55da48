"""The cases app; hands in what it keeps of people, and the guard that keeps a wish as it was said."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Application `cases`."""

    name = "onward.apps.cases"
    label = "cases"

    def ready(self) -> None:
        """A wish's words, rank and place are for good (P3): the database itself refuses to write over them."""
        from onward.apps.cases.keeping import CaseKeeper
        from onward.apps.cases.models import Wish
        from onward.apps.people import keepers
        from onward.apps.record import guards

        keepers.hand_in("cases", CaseKeeper())
        guards.register(
            lambda: [
                guards.refuse(
                    "as_said",
                    Wish,
                    "UPDATE",
                    'NEW."words" <> OLD."words" OR NEW."rank" <> OLD."rank" OR NEW."said_at" <> OLD."said_at" '
                    'OR NEW."party_id" <> OLD."party_id" '
                    'OR (OLD."place_id" IS NOT NULL AND (NEW."place_id" IS NULL OR NEW."place_id" <> OLD."place_id")) '
                    'OR (OLD."withdrawn_at" IS NOT NULL AND NEW."withdrawn_at" IS NULL)',
                ),
                guards.refuse("kept", Wish, "DELETE"),
            ]
        )
