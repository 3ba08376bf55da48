"""The child that does what is due: deliver notices, settle changes, anchor the record. Truth is in rows, not here.

python -m onward.site.jobs PARENT
"""

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from onward.site.environment import Environment
from onward.site.parent import die_with_parent

log = logging.getLogger("onward.jobs")
LETTERS_MOST, LETTERS_S = 50, 10.0
"""Letters in one round, and seconds after which no more are begun, so that other jobs have their turn."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that does whatever is due and may run twice, every so many seconds."""

    name: str
    every_s: float
    run: Callable[[datetime], object]


def list_jobs(environment: Environment) -> list[Job]:
    """All jobs. A new one is a line here."""
    from onward.apps.people.actions import close_due, erase_due
    from onward.apps.record.actions import anchor_day
    from onward.apps.travel.actions import settle_changes

    return [
        Job("deliver notices", 1.0, partial(_deliver, environment)),
        Job("settle changes", 20.0, lambda now: settle_changes(now=now)),
        Job("close cases at rest", 3600.0, lambda now: close_due(now=now)),
        Job("erase on schedule", 3600.0, lambda now: erase_due(now=now)),
        Job("forget ended sessions", 3600.0, _forget_sessions),
        Job("anchor the record", 300.0, lambda now: anchor_day(now.date(), now=now)),
    ]


def _deliver(environment: Environment, _: datetime) -> int:
    """One letter at a time, each with its own moment, until none is due."""
    from onward.apps.notices.actions import deliver_due
    from onward.site.post import make_carrier

    carrier, tried, until_s = make_carrier(environment), 0, time.monotonic() + LETTERS_S
    while tried < LETTERS_MOST and time.monotonic() < until_s and deliver_due(carrier, now=datetime.now(UTC), limit=1):
        tried += 1
    return tried


def _forget_sessions(now: datetime) -> int:
    """Take away sessions past their end; signing out takes its own away at once."""
    from django.contrib.sessions.models import Session

    return Session.objects.filter(expire_date__lte=now).delete()[0]


def run(job: Job) -> None:
    """Run a job once; what goes wrong is written down, and the others go on."""
    from django.db import close_old_connections

    close_old_connections()
    try:
        job.run(datetime.now(UTC))
    except Exception:  # noqa: BLE001  (a job that fails must not end the others; it is due again by itself)
        log.exception("job failed: %s", job.name)
    finally:
        close_old_connections()


def work(jobs: Sequence[Job], stop: threading.Event, *, pause_s: float = 0.5) -> None:
    """Run each job when it is due until told to stop; what is begun is finished."""
    due = dict.fromkeys(jobs, 0.0)
    while not stop.is_set():
        for job in jobs:
            if not stop.is_set() and due[job] <= time.monotonic():
                due[job] = time.monotonic() + job.every_s
                run(job)
        stop.wait(pause_s)


def main(parent: int) -> None:
    """The process: set up, then work until SIGTERM."""
    die_with_parent(parent)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings")
    import django

    django.setup()
    from django.conf import settings

    from onward.site.start import hand_in_all

    hand_in_all(settings.ENVIRONMENT)
    work(list_jobs(settings.ENVIRONMENT), stop)


if __name__ == "__main__":
    main(int(sys.argv[1]))
