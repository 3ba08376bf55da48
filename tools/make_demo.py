"""The demonstration world: made-up desks, staff, funds and parties at every stage, from a seed, by the real acts.

Run on an initialised database: ONWARD_DEMONSTRATION=yes .venv/bin/python tools/make_demo.py --seed 2023
All of it or nothing: it is one transaction, and a second run changes nothing.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
if TYPE_CHECKING:
    from onward.site.environment import Environment
    from tools.demo_setting import Setting


def make_demo(environment: "Environment", *, seed: int, now: datetime) -> "Setting":
    """Fill an open installation (ring and feeds handed in) with the world as it stands at `now`, a whole minute.

    Returns the Setting. Raises Conflict where the database holds centres already.
    """
    from django.db import transaction

    from onward.apps.timetables import loaded
    from onward.apps.timetables.loading import add_fares
    from onward.site.post import make_carrier
    from tools.demo_feed import FARES_NAME, write_feeds
    from tools.demo_setting import read_setting, set_up
    from tools.demo_stage import Stage
    from tools.demo_stories import read_stories
    from tools.demo_walk import walk_all

    _require_empty()
    folder = environment.home / "demo-feeds"
    for path in write_feeds(folder, seed=seed, start_on=now.date()):
        loaded.store().add(path)
    raw = read_setting()
    with transaction.atomic():
        add_fares((folder / FARES_NAME).read_text(encoding="utf-8"), now=now)
        setting = set_up(raw, now=now)
        stage = Stage(setting.desks, raw["names"], make_carrier(environment), anchor=now, now=now)
        walk_all(read_stories(), stage, seed=seed)
    return setting


def _require_empty() -> None:
    from onward.apps.accounts.models import Centre
    from onward.core.errors import Conflict, message

    if Centre.objects.exists():
        raise Conflict(
            "demo.not_empty",
            message("This installation has centres of its own: made-up people are not mixed with them."),
            remedy=message("Give the demonstration another ONWARD_HOME."),
        )


def _is_there() -> bool:
    """Whether this world was made here before: its desks stand."""
    from onward.apps.accounts.models import Centre
    from tools.demo_setting import read_setting

    keys = {row["key"] for row in read_setting()["centre"]}
    return keys <= set(Centre.objects.values_list("key", flat=True))


def _open() -> "Environment":
    """Set Django up and open the installation; gives its environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings")
    import django

    django.setup()
    from onward.site.settings import ENVIRONMENT
    from onward.site.start import hand_in_all

    hand_in_all(ENVIRONMENT)
    return ENVIRONMENT


def _print_accounts() -> None:
    from onward.apps.accounts.models import Membership
    from tools.demo_setting import PASSWORD

    print(f"\nEverybody signs in with the password: {PASSWORD}\n")
    rows = Membership.objects.select_related("account", "centre").order_by("centre__name", "pk")
    for one in rows:
        print(f"  {one.account.email:34} {one.role.replace('_', ' '):16} {one.centre.name}")


def main(arguments: list[str] | None = None) -> int:
    """Make the world, or say that it is there; 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(description="Fill an empty installation with made-up desks and parties.")
    parser.add_argument("--seed", type=int, default=2023)
    parser.add_argument("--now", type=datetime.fromisoformat, help="the moment it is seen at; now unless given")
    given = parser.parse_args(arguments)
    if os.environ.get("ONWARD_DEMONSTRATION") != "yes":
        print("Set ONWARD_DEMONSTRATION=yes: made-up people go only where every page says so.", file=sys.stderr)
        return 1
    from onward.core.errors import OnwardError

    try:
        environment = _open()
        if _is_there():
            print("The demonstration's world is there already; nothing was changed.")
        else:
            begun = time.perf_counter()
            now = (given.now or datetime.now(UTC)).astimezone(UTC).replace(second=0, microsecond=0)
            make_demo(environment, seed=given.seed, now=now)
            print(f"Made-up desks, funds and parties are in place ({time.perf_counter() - begun:.0f} s).")
    except OnwardError as problem:
        print(problem, file=sys.stderr)
        return 1
    _print_accounts()
    return 0


if __name__ == "__main__":
    sys.exit(main())
