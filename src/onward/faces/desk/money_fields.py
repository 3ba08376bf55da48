"""Amounts of money in forms: typed as text, read by the one parser, the error beside the field."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from onward.core.errors import OnwardError
from onward.core.money import MINOR_DIGITS, Money, parse_money
from onward.faces.forms_look import show_error

LABELS = {"fare": _("Fare"), "tax": _("Tax"), "fee": _("Fee")}


class AmountField(forms.CharField):
    """An amount as text, "148.00"; the currency is the form's."""

    def __init__(self, **kwargs: object) -> None:
        attrs = {"class": "w8", "inputmode": "decimal", "autocomplete": "off"}
        defaults: dict[str, object] = {"max_length": 20, "widget": forms.TextInput(attrs=attrs)}
        super().__init__(**{**defaults, **kwargs})  # type: ignore[arg-type]


class MoneyForm(forms.Form):
    """A form with amounts of one currency. money_fields: those to read; an empty optional one reads as None."""

    money_fields: Iterable[str] = ()

    def __init__(self, *args: object, currency: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.currency = currency
        self.amounts: dict[str, Money | None] = {}

    def clean(self) -> dict[str, object]:
        """Read every amount; what cannot be read is said beside its field."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.money_fields:
            text = str(cleaned.get(name) or "")
            self.amounts[name] = None
            if not text or name in self.errors:
                continue
            try:
                self.amounts[name] = parse_money(text, self.currency, field=name)
            except OnwardError as error:
                show_error(self, error)
        return cleaned


def plain_amount(money: Money) -> str:
    """An amount as the parser reads it back: "148.00"."""
    digits = MINOR_DIGITS[money.currency]
    return f"{money.minor // 10**digits}.{money.minor % 10**digits:0{digits}d}"
