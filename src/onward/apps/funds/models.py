"""Funds and the ledger."""

from typing import ClassVar

from django.db import models

from onward.apps.accounts.scopes import CentreModel


class Fund(CentreModel):
    """Money that may pay for tickets, and its payer's rules (data, never code).

    rules: {"max_per_head_minor": int, "countries": ["US"], "modes": ["coach", "rail"], "until": "2027-06-30"}; a rule
    absent does not bind.
    """

    name = models.CharField(max_length=120)
    payer = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    rules = models.JSONField(default=dict)
    is_open = models.BooleanField(default=True)

    class Meta(CentreModel.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class LedgerAccount(CentreModel):
    """A side of the books of one fund.

    balance_minor: debits less credits, in minor units of the fund's currency, moved with every transfer under the
    fund's lock; funds.queries.is_balanced proves it against the transfers. The database itself lets no account but
    `granted` fall below zero.
    """

    class Kind(models.TextChoices):
        GRANTED = "granted", "granted"
        AVAILABLE = "available", "left"
        HELD = "held", "held"
        FARE = "fare", "spent on fares"
        TAX = "tax", "spent on taxes"
        FEE = "fee", "spent on fees"
        REFUND_DUE = "refund_due", "asked back"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    balance_minor = models.BigIntegerField(default=0)

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "kind"], name="funds_account_once"),
            models.CheckConstraint(
                condition=models.Q(kind="granted", balance_minor__lte=0)
                | (~models.Q(kind="granted") & models.Q(balance_minor__gte=0)),
                name="funds_account_not_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.kind}"


class Transfer(CentreModel):
    """One movement: `amount_minor` out of `credit` into `debit`. Never changed, never removed (P15).

    cause: what it is for, such as "ticket_set:12:hold"; unique, so that the same cause moves money once (P17).
    """

    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    cause = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta(CentreModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cause"], name="funds_transfer_cause_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="funds_transfer_positive"),
            models.CheckConstraint(condition=~models.Q(debit=models.F("credit")), name="funds_transfer_two_sides"),
        ]
        indexes: ClassVar = [models.Index(fields=["centre", "at"], name="funds_transfer_at")]

    def __str__(self) -> str:
        return self.cause
