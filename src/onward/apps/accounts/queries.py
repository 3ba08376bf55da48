"""Reads of accounts and centres, which are not themselves centre rows."""

from onward.apps.accounts.models import Account, Centre, Membership
from onward.core.actor import Actor, ActorKind, Role


def list_centres_of(account: Account) -> list[Centre]:
    """The centres an account works at, by name."""
    return list(Centre.objects.filter(memberships__account=account).distinct().order_by("name"))


def find_post(account: Account, centre_id: int) -> tuple[Actor, Centre] | None:
    """The account acting for a centre with its roles there, and the centre, in one query; None where it has none."""
    held = list(Membership.objects.filter(account=account, centre_id=centre_id).select_related("centre"))
    if not held or not account.is_active:
        return None
    roles = frozenset(Role(one.role) for one in held)
    return Actor(ActorKind.STAFF, str(account.pk), centre_id, roles), held[0].centre


def find_actor(account: Account, centre_id: int) -> Actor | None:
    """The account acting for a centre with its roles there; None where it has none."""
    found = find_post(account, centre_id)
    return found[0] if found else None


def list_names(account_ids: set[str]) -> dict[str, str]:
    """Staff names by the id kept in the record, for timelines: who did it."""
    numbers = [int(one) for one in account_ids if one.isdigit()]
    return {str(account.pk): account.name for account in Account.objects.filter(pk__in=numbers)}
