"""Opening a centre, adding staff."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from onward.apps.accounts.models import Account, Centre, Membership
from onward.apps.record.actions import append, centre_chain
from onward.core.actor import Actor, Role
from onward.core.errors import BadInput, Conflict, message


@transaction.atomic
def open_centre(centre: Centre, *, actor: Actor, now: datetime) -> Centre:
    """Save a new centre and begin its chain."""
    centre.save(force_insert=True)
    append(centre_chain(centre.pk), "centre.opened", {"key": centre.key}, actor=actor, now=now)
    return centre


@transaction.atomic
def add_account(email: str, name: str, password: str, *, language: str, actor: Actor, now: datetime) -> Account:
    """A new member of staff; the password must pass the house's rules. Raises BadInput by field."""
    try:
        validate_password(password, Account(email=email, name=name))
    except ValidationError as problem:
        raise BadInput("account.password", " ".join(problem.messages), field="password") from problem
    try:
        with transaction.atomic():
            return Account.objects.create_account(email, name, password, language=language)
    except IntegrityError as problem:
        raise Conflict(
            "account.exists", message("There is already an account with this address."), field="email"
        ) from problem


@transaction.atomic
def give_role(account: Account, centre: Centre, role: Role, *, actor: Actor, now: datetime) -> Membership:
    """Let an account do a role's work at a centre; giving it twice changes nothing."""
    membership, is_new = Membership.objects.get_or_create(account=account, centre=centre, role=role.value)
    if is_new:
        facts = {"account": account.pk, "role": role.value}
        append(centre_chain(centre.pk), "role.given", facts, actor=actor, now=now)
    return membership
