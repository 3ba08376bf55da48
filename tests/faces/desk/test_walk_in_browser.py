"""The first half of the walk in a real browser: from the door to a finished interview, parked and resumed."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import World
from tests.faces.desk.conftest import CHROMIUM, password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("ONWARD_SHOTS", "")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium; these tests skip by name where there is none."""
    if not CHROMIUM.exists():
        pytest.skip("not run: there is no Chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    # The browser's driver keeps an event loop in this thread, which the database would otherwise refuse.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_desk(chromium: Any, live_server: Any, desk: World) -> Iterator[Callable[..., Any]]:
    """A signed-in window: open_desk(width=320, language="ar", java_script_enabled=False)."""
    contexts = []

    def opened(*, width: int = 1280, language: str = "en", role: str = "case_worker", **given: Any) -> Any:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 900}, locale=language, **given))
        page = contexts[-1].new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + "/sign-in/")
        page.fill("[name=username]", f"{role}@new-york.example")
        page.fill("[name=password]", password())
        page.click("main .button-primary")
        page.base = live_server.url
        return page

    yield opened
    for context in contexts:
        context.close()


def keep(page: Any, name: str) -> None:
    """A picture of the page, where somebody wants to look at it (ONWARD_SHOTS names the folder)."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def press(page: Any, words: str) -> None:
    """Press the one button or link of the page's work that says so."""
    page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first.click()


def arrive(page: Any, language: str = "Spanish") -> None:
    """A family of two at the counter."""
    page.goto(page.base + "/arrive/")
    page.get_by_label("2", exact=True).check(force=True)
    page.get_by_label(language).first.check(force=True)
    keep(page, "arrive")
    press(page, "Give them a number")


def walk(page: Any, language: str = "Spanish") -> None:
    """From the door to a finished interview."""
    arrive(page, language)
    keep(page, "arrived")
    press(page, "Begin with them now")
    keep(page, "explain")
    page.get_by_label("A colleague").check()
    press(page, "They understood and said yes: begin")
    keep(page, "interview")
    press(page, "Ask: Who travels")
    for n in (1, 2):
        page.fill("[name=name]", f"Rosa Inés {n}")
        page.fill("[name=birth_year]", "1987")
        keep(page, f"person-{n}")
        press(page, "Save and ask the next question")
    page.get_by_label("No", exact=True).check()
    keep(page, "origin")
    press(page, "Save and ask the next question")
    page.fill("[name=meant_words]", "to my cousin, I do not know the town")
    press(page, "Save and ask the next question")
    page.fill("[name=words]", "Portland, by the sea")
    press(page, "Write down this wish")
    keep(page, "wish-which")
    page.locator("[name=place_key]").first.check()
    press(page, "Write down this wish")
    page.fill("[name=words]", "somewhere warm")
    press(page, "Write down this wish")
    keep(page, "wishes")
    press(page, "Next question")
    page.get_by_label("Called, not reached").check()
    page.fill("[name=name]", "Cousin Luis")
    press(page, "Write it down")
    keep(page, "contact")
    press(page, "Next question")
    page.locator("[name=has_dates][value=no]").check()
    press(page, "Write it down")
    keep(page, "dates")
    press(page, "Next question")
    for n in range(7):
        keep(page, f"need-{n}")
        page.locator(f"[name=answer][value={'yes' if n == 0 else 'no'}]").check()
        press(page, "Save and ask the next question")
    keep(page, "safety-list")
    for n in (1, 2):
        press(page, f"Rosa Inés {n}")
        page.locator("[name=is_asked_alone]").check()
        page.locator("[name=answer][value=yes]").check()
        keep(page, f"safety-{n}")
        press(page, "Save what they said")
    press(page, "All questions")
    keep(page, "interview-done")
    press(page, "The case")
    keep(page, "case")


def test_a_family_is_taken_from_the_door_to_a_finished_interview(open_desk: Callable[..., Any]) -> None:
    page = open_desk()
    keep(page, "today-empty")
    walk(page)
    assert page.locator("main .tasks .status-done").count() >= 8
    assert page.title().startswith("NEW-0001") and "Rosa" not in page.title()
    press(page, "Park")
    page.get_by_label("In an hour").check()
    page.get_by_label("They need to rest or to eat").check()
    keep(page, "park")
    press(page, "Park this case")
    keep(page, "today")
    press(page, "Take up again")
    assert "/interview/" in page.url
    assert [said for said in page.complaints if "422" not in said] == []


def test_the_same_walk_without_script(open_desk: Callable[..., Any]) -> None:
    walk(open_desk(java_script_enabled=False))


def test_the_n_key_opens_a_new_arrival(open_desk: Callable[..., Any]) -> None:
    page = open_desk()
    page.keyboard.press("n")
    page.wait_for_url("**/arrive/")


PAGES = (
    "/",
    "/arrive/",
    "/arrive/bus/",
    "/find/",
    "/wordings/",
    "/wordings/ar/",
    "/case/{party}/",
    "/case/{party}/correct/",
    "/case/{party}/end/",
    "/case/{party}/explain/",
    "/case/{party}/explain/?in=ar",
    "/case/{party}/park/",
    "/case/{party}/interview/",
    "/case/{party}/interview/people/",
    "/case/{party}/interview/person-1/",
    "/case/{party}/interview/wishes/",
    "/case/{party}/interview/contact/",
    "/case/{party}/interview/dates/",
    "/case/{party}/interview/need-step_free/",
    "/case/{party}/interview/safety-{person}/",
    "/arrived/1/2/",
    "/person/{person}/own-number/",
)


def _addresses(make_party: Callable[..., Any]) -> list[str]:
    party = make_party(heads=2, people=2)
    make_party(heads=12, language="ar", explained=False)
    return [address.format(party=party.pk, person=party.persons.first().pk) for address in PAGES]


def test_every_page_fits_a_small_phone_in_english_and_mirrored_in_arabic(
    open_desk: Callable[..., Any], make_party: Callable[..., Any]
) -> None:
    addresses = _addresses(make_party)
    wide = []
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        page = open_desk(width=320, language=language)
        for address in addresses:
            page.goto(page.base + address)
            assert page.evaluate("document.documentElement.dir") == direction
            if page.evaluate(OVERFLOW) > 0:
                wide.append((language, address))
            keep(page, f"small-{language}-{address.strip('/').replace('/', '-').replace('?', '-') or 'today'}")
        assert page.complaints == []
    assert wide == []


def test_axe_finds_nothing_serious_on_any_page(open_desk: Callable[..., Any], make_party: Callable[..., Any]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, found = open_desk(), []
    for address in _addresses(make_party):
        page.goto(page.base + address)
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in {"serious", "critical"}:
                found.append((address, one["id"], one["nodes"][0]["html"]))
    assert found == []
