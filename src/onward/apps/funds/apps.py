"""The funds app; registers the guards that keep the books append-only and each transfer inside one fund."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Application `funds`."""

    name = "onward.apps.funds"
    label = "funds"

    def ready(self) -> None:
        """Nothing posted is edited or removed (P15), and no transfer leads from one fund into another."""
        from onward.apps.funds.models import LedgerAccount, Transfer
        from onward.apps.record import guards

        accounts = LedgerAccount._meta.db_table
        side = f'(SELECT a."fund_id" FROM "{accounts}" a WHERE a."id" = NEW.%s)'  # noqa: S608  (our own table's name)
        one_fund = f"{side % 'debit_id'} <> {side % 'credit_id'}"
        guards.register(lambda: guards.append_only(Transfer, unique=("cause",)))
        guards.register(
            lambda: [
                guards.refuse("one_fund", Transfer, "INSERT", one_fund),
                guards.refuse(
                    "moved", LedgerAccount, "UPDATE", 'NEW."fund_id" <> OLD."fund_id" OR NEW."kind" <> OLD."kind"'
                ),
                guards.refuse("delete", LedgerAccount, "DELETE"),
            ]
        )
