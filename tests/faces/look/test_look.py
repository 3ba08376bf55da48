"""The look in a real Chromium: reachable by keyboard, narrow, right to left, printed, under the content policy."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.faces.look.conftest import PAGES, answer, render_page

pytestmark = pytest.mark.browser
SAMPLES = sorted(path.stem for path in PAGES.glob("*.html"))
DESK = [name for name in SAMPLES if name != "packet"]
NOTE_THE_PRESS = """() => document.querySelector('[data-shortcut]')
    .addEventListener('click', (e) => { e.preventDefault(); window.pressed = true; })"""
OVERFLOWING = """() => [...document.querySelectorAll('body *')]
    .filter((e) => !e.closest('.chart-box, .table-box, .hidden-text, .skip, svg, thead'))
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
    .map((e) => e.tagName + '.' + e.className)"""


def find_barriers(page: Any) -> list[str]:
    """What axe finds serious or critical, with the first element it names."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", SAMPLES)
def test_axe_finds_nothing_serious(turn_to: Callable[..., Any], name: str, language: str) -> None:
    assert find_barriers(turn_to(name, language=language)) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_overflows_at_320_pixels(turn_to: Callable[..., Any], name: str, language: str) -> None:
    page = turn_to(name, language=language, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(OVERFLOWING) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_content_policy_has_nothing_to_refuse(turn_to: Callable[..., Any], name: str) -> None:
    assert turn_to(name).complaints == []


@pytest.mark.parametrize("name", DESK)
def test_the_first_key_press_reaches_a_visible_skip_link(open_page: Callable[..., Any], name: str) -> None:
    page = open_page(name, java_script_enabled=name != "form")
    page.keyboard.press("Tab")
    box = page.locator(".skip").bounding_box()
    assert page.locator(".skip:focus").count() == 1
    assert box["y"] >= 0


@pytest.mark.parametrize("name", DESK)
def test_paper_is_black_without_menus_or_buttons(turn_to: Callable[..., Any], name: str) -> None:
    page = turn_to(name)
    page.emulate_media(media="print")
    assert page.locator(".top-nav, .languages, .act-bar, .button-primary").filter(visible=True).count() == 0
    colours = page.evaluate(
        "[...new Set([...document.querySelectorAll('body *')].map(e => getComputedStyle(e).color))]"
    )
    assert colours == ["rgb(0, 0, 0)"]


def test_a_pressed_form_cannot_be_sent_twice(open_page: Callable[..., Any]) -> None:
    page = open_page("offer")
    page.evaluate(
        "window.sent = 0; document.addEventListener('submit',"
        " (e) => { window.sent += !e.defaultPrevented; e.preventDefault(); })"
    )
    button = page.locator(".offer-act button").first
    button.click()
    button.click()
    assert page.evaluate("window.sent") == 1
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    button.click()
    assert page.evaluate("window.sent") == 2


def test_the_key_n_opens_a_new_arrival_unless_someone_is_typing(open_page: Callable[..., Any]) -> None:
    page = open_page("today")
    page.evaluate(NOTE_THE_PRESS)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input id=\"typing\">')")
    page.locator("#typing").press("n")
    assert page.evaluate("window.pressed") is None
    page.locator("#typing").blur()
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") is True


def test_the_key_n_can_be_turned_off(open_page: Callable[..., Any]) -> None:
    page = open_page("today")
    page.locator("[data-shortcuts-switch]").click()
    page.locator("[data-shortcuts-switch]").blur()
    page.evaluate(NOTE_THE_PRESS)
    page.keyboard.press("n")
    assert page.evaluate("window.pressed") is None


def test_errors_take_the_focus_and_lead_to_their_fields(open_page: Callable[..., Any]) -> None:
    page = open_page("form")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    for link in page.locator(".error-summary a").all():
        link.click()
        target = link.get_attribute("href")
        assert page.locator(f"{target}:focus").count() == 1, target


def test_the_traveller_side_stands_at_the_end_in_either_direction(open_page: Callable[..., Any]) -> None:
    english = open_page("interview")
    arabic = open_page("interview", language="ar")
    side = "['.split-worker', '.split-traveller'].map(s => document.querySelector(s).getBoundingClientRect().left)"
    worker, traveller = english.evaluate(side)
    assert worker < traveller
    worker, traveller = arabic.evaluate(side)
    assert worker > traveller


def test_charts_stay_left_to_right_in_arabic(turn_to: Callable[..., Any]) -> None:
    page = turn_to("offer", language="ar")
    assert page.evaluate("getComputedStyle(document.querySelector('.chart-box')).direction") == "ltr"


def test_words_on_a_chart_run_their_own_way(open_page: Callable[..., Any]) -> None:
    page = open_page("offer", language="ar")
    ends = """words => {
        const text = document.querySelector('.chart text.soft');
        text.textContent = words;
        return [0, words.length - 1].map((at) => text.getStartPositionOfChar(at).x);
    }"""
    first, last = page.evaluate(ends, "30 ساعة 15 دقيقة، مباشرة")
    assert first > last, "an hour count after its minutes is another journey"
    first, last = page.evaluate(ends, "10:30–15:45 · Two Rivers Rail T6")
    assert first < last


def test_motion_stops_for_those_who_ask(open_page: Callable[..., Any]) -> None:
    page = open_page("case", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration") == "0s"


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_packet_prints_on_letter_and_a4_without_a_browser(language: str, paper: str, size: tuple[int, int]) -> None:
    weasyprint = pytest.importorskip("weasyprint", reason="not run: WeasyPrint needs Pango", exc_type=OSError)
    from weasyprint.urls import URLFetcherResponse

    def from_static(url: str) -> Any:
        kind, body = answer(urlsplit(url).path)[1:]
        return URLFetcherResponse(url, body, {"Content-Type": kind})

    html = render_page("packet", language, paper=paper)
    printed = weasyprint.HTML(string=html, base_url="https://onward.invalid/", url_fetcher=from_static).render()
    points = [(round(page.width * 0.75), round(page.height * 0.75)) for page in printed.pages]
    assert points == [size, size]


def test_telephone_numbers_keep_their_order_on_arabic_paper(turn_to: Callable[..., Any]) -> None:
    page = turn_to("packet", language="ar")
    styles = page.evaluate(
        "[...document.querySelectorAll('.phone')].map(e => getComputedStyle(e).direction + getComputedStyle(e).display)"
    )
    assert set(styles) == {"ltrinline-block"}
