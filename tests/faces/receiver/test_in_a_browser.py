"""The receiver's pages in a real browser: by link, without script, at 320 pixels, in four languages, every ending."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.actions import deliver_due, follow_consent, tell_cancelled, tell_changed, tell_coming
from onward.apps.notices.models import Notice
from onward.apps.people.models import Known
from tests.apps.notices.world import Pigeon, carrier_of, change_set, make_place, make_set, say_needs, say_on_notice
from tests.conftest import World
from tests.faces.look.test_look import find_barriers
from tests.faces.receiver.doors import url

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "es", "fr", "ar")


@pytest.fixture
def addresses(transactional_db: None, world: World) -> dict[str, str]:
    """A page of every kind: of a notice that stands, was replaced, cancelled, withdrawn, cut off; and the picture."""
    now = datetime.now(UTC)
    place, arrives = make_place(), now + timedelta(days=2)
    sets = [make_set(world.new_york, place, heads=heads, arrive_at=arrives) for heads in (4, 3, 2, 1)]
    found: dict[str, Notice | None] = {}
    with centre_scope(world.new_york.pk):
        say_needs(sets[0].party, bed_on_arrival=Known.YES, interpreter=Known.UNKNOWN)
        found["stands"], found["replaced"], off, back = (tell_coming(one, actor=world.worker, now=now) for one in sets)
        deliver_due(carrier_of(Pigeon()), now=now)
        tell_changed(change_set(sets[1]), actor=world.worker, now=now)
        found["cancelled"] = tell_cancelled(sets[2], actor=world.worker, now=now)
        say_on_notice(sets[3].party, False)
        (found["withdrawn"],) = follow_consent(sets[3].party_id, actor=world.worker, now=now)
    pages = {name: url(notice) for name, notice in found.items()}
    return pages | {"picture": url(found["stands"], "picture"), "altered": pages["stands"][:-5] + "/"}


@pytest.fixture
def open_at(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address in a window of its own, in a language the reader chose."""
    contexts = []

    def opened(address: str, *, language: str = "en", width: int = 1280, **more: Any) -> Any:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 800}, **more))
        contexts[-1].add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = contexts[-1].new_page()
        page.at, page.complaints = live_server.url, []
        page.on("console", lambda said: page.complaints.append(said.text) if "Content Security" in said.text else None)
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


def test_a_place_answers_and_changes_its_answer_without_script(
    addresses: dict[str, str], open_at: Callable[..., Any]
) -> None:
    page = open_at(addresses["stands"], java_script_enabled=False)
    page.get_by_label("We cannot receive them").check()
    page.get_by_label("In your own words").fill("Full until Friday.")
    page.get_by_role("button", name="Send our answer").click()
    assert "You answered “We cannot receive them”" in page.inner_text("main")
    assert page.get_by_label("We cannot receive them").is_checked()
    page.get_by_label("We can receive them").check()
    page.get_by_role("button", name="Send our answer").click()
    said = page.inner_text(".timeline")
    assert said.index("We can receive them") < said.index("We cannot receive them")
    page.get_by_role("link", name="Everybody known to come in the next 14 days").click()
    page.get_by_label("We have no room").check()
    page.get_by_role("button", name="Tell the sending centres").click()
    assert "You said “We have no room”" in page.inner_text("main")


def test_no_page_overflows_or_breaks_the_content_policy_at_320_pixels_in_any_language(
    addresses: dict[str, str], open_at: Callable[..., Any]
) -> None:
    for language in LANGUAGES:
        page = open_at(addresses["stands"], language=language, width=320)
        for name, address in addresses.items():
            page.goto(page.at + address)
            assert page.evaluate("document.documentElement.scrollWidth") == 320, f"{name} {language}"
        assert page.complaints == [], language


def test_axe_finds_nothing_serious(addresses: dict[str, str], open_at: Callable[..., Any]) -> None:
    page = open_at(addresses["stands"], language="ar", bypass_csp=True)
    for name, address in addresses.items():
        page.goto(page.at + address)
        assert find_barriers(page) == [], name


def test_the_reader_changes_the_language_and_prints_the_picture(
    addresses: dict[str, str], open_at: Callable[..., Any]
) -> None:
    page = open_at(addresses["picture"], java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator(".chart svg").is_visible() and page.get_by_role("table").is_visible()
    assert not page.get_by_role("link", name="Download as CSV").is_visible()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="العربيّة").click()
    assert page.get_attribute("html", "dir") == "rtl" and page.url.endswith(addresses["picture"])
