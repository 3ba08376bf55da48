"""A real Chromium at the desk of New York, over the demonstration's timetables, and the letters its notices leave."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from onward.apps.funds.models import Fund
from onward.apps.notices.actions import deliver_due
from onward.site.post import make_carrier
from onward.site.start import OUTBOX
from tests.browser.steps import Letterbox
from tests.conftest import World
from tests.faces.desk.conftest import desk, make_party, now, password, places  # noqa: F401  (fixtures)
from tests.faces.desk.demo_timetables import demo_timetables
from tests.faces.desk.walkers import make_desks, make_fund


@pytest.fixture
def open_desk(chromium: Any, live_server: Any, desk: World) -> Iterator[Callable[..., Any]]:  # noqa: F811
    """A signed-in window: open_desk(width=320, language="ar", role="coordinator", java_script_enabled=False)."""
    windows = []

    def opened(*, width: int = 1280, language: str = "en", role: str = "case_worker", **given: Any) -> Any:
        given = {"locale": language, "base_url": live_server.url, **given}
        windows.append(chromium.new_context(viewport={"width": width, "height": 900}, **given))
        page = windows[-1].new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto("/sign-in/")
        page.fill("[name=username]", f"{role}@new-york.example")
        page.fill("[name=password]", password())
        page.click("main .button-primary")
        page.wait_for_url("**/")
        return page

    yield opened
    for window in windows:
        window.close()


@pytest.fixture
def open_link(chromium: Any) -> Iterator[Callable[[str], Any]]:
    """A window of somebody without account or cookie: open_link("http://...", width=320)."""
    windows = []

    def opened(address: str, **given: Any) -> Any:
        windows.append(chromium.new_context(**given))
        page = windows[-1].new_page()
        page.goto(address)
        return page

    yield opened
    for window in windows:
        window.close()


@pytest.fixture
def fund(transactional_db: None, desk: World) -> Iterator[Fund]:  # noqa: F811
    """A fund with ten thousand dollars, places that receive, and timetables to them."""
    make_desks(now())
    with demo_timetables():
        yield make_fund(desk.coordinator, now())


@pytest.fixture
def letters(live_server: Any, tmp_path: Path) -> Letterbox:
    """The outbox of this installation: letters.carry() does what the job does and gives the newest letter."""
    (tmp_path / OUTBOX).mkdir()
    carrier = make_carrier(replace(settings.ENVIRONMENT, home=tmp_path, base_url=live_server.url))
    return Letterbox(tmp_path / OUTBOX, lambda: deliver_due(carrier, now=now()))
