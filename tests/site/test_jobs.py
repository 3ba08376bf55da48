"""What the jobs child does beside its rooms' own jobs."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.mark.django_db
def test_sessions_that_ended_are_forgotten_and_those_that_go_on_stay() -> None:
    from django.conf import settings
    from django.contrib.sessions.models import Session

    from onward.site.jobs import list_jobs

    at = datetime.now(UTC)
    for key, ends_at in (("ended", at - timedelta(minutes=1)), ("goes on", at + timedelta(minutes=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends_at)
    job = next(one for one in list_jobs(settings.ENVIRONMENT) if one.name == "forget ended sessions")
    job.run(at)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["goes on"]
