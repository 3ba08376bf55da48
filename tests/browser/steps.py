"""The walk as hands do it, screen by screen, found by the names of fields so that it goes in every language."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from onward.apps.cases.rules import NEEDS
from tests.faces.desk.conftest import now

SHOTS = os.environ.get("ONWARD_SHOTS", "")
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RECEIPT = b"\x89PNG\r\n\x1a\n" + b"0" * 100
FAMILY = (("Rosa Inés Núñez", 30), ("Luz Núñez", 8), ("Mateo Núñez", 5))
"""A mother and her two children: name and years of age."""


def keep(page: Any, name: str) -> None:
    """A picture of the page, where somebody wants to look at it (ONWARD_SHOTS names the folder)."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it lies in the folder. link: the one address in it."""

    subject: str
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where letters are laid. deliver: what the job does, giving how many letters it tried."""

    folder: Path
    deliver: Callable[[], int]

    def carry(self) -> Letter:
        """Let the job run once: the one new letter."""
        before = set(self.folder.glob("*.eml"))
        assert self.deliver() == 1
        (fresh,) = set(self.folder.glob("*.eml")) - before
        letter = message_from_bytes(fresh.read_bytes(), policy=default)
        body = letter.get_content()
        (link,) = [line.strip() for line in body.splitlines() if line.startswith("http")]
        return Letter(letter["Subject"], body, link)


@dataclass(frozen=True, slots=True)
class Hands:
    """A case worker's hands on one window. shots: what its pictures are called by, "" for none."""

    page: Any
    shots: str = ""

    def see(self, name: str) -> None:
        """Keep a picture of this screen."""
        if self.shots:
            keep(self.page, f"{self.shots}-{name}")

    def go_on(self) -> None:
        """Press the one primary button of the page."""
        self.page.locator(".button-primary:visible").first.click()

    def choose(self, name: str, value: str) -> None:
        """Press one of a question's answers."""
        self.page.locator(f"main [name={name}][value='{value}']").first.check(force=True)

    def arrive(self, heads: int, language: str) -> None:
        """A number at the counter, no name."""
        self.page.goto("/arrive/")
        self.choose("heads", str(heads))
        self.choose("language", language)
        self.see("arrive")
        self.go_on()
        self.see("arrived")
        self.go_on()

    def explain(self) -> None:
        """What this desk is, read out by a colleague; they say yes."""
        self.choose("interpreter", "staff")
        self.see("explain")
        self.go_on()
        self.see("interview")

    def describe(self) -> None:
        """Who travels: the mother is the guardian."""
        self.go_on()
        for position, (name, age) in enumerate(FAMILY):
            self.page.fill("[name=name]", name)
            self.page.fill("[name=birth_year]", str(now().year - age))
            self.choose("is_guardian", "no" if position else "yes")
            self.see(f"person-{position + 1}")
            self.go_on()

    def tell_origin(self) -> None:
        """Sent here without being asked; they meant to go elsewhere."""
        self.choose("chose_to_come", "no")
        self.see("origin")
        self.go_on()
        self.page.fill("[name=meant_words]", "a casa de mi hermana")
        self.see("meant")
        self.go_on()

    def wish(self, words: str, place: str) -> None:
        """A wish in their own words, and the place somebody knows it to be."""
        self.page.fill("[name=words]", words)
        self.page.fill("[name=place]", place)
        self.see("wish")
        self.page.click("button[form=step]:not([name=park])")
        assert words in self.page.inner_text("main .summary")
        self.see("wishes")
        self.go_on()

    def tell_of_family(self) -> None:
        """A sister who was reached and agreed, and a hearing in three weeks."""
        self.choose("state", "agreed")
        self.page.fill("[name=name]", "Tía Luz")
        self.page.fill("[name=phone]", "+1 312 555 0177")
        self.page.fill("[name=address]", "22 Example Avenue, Chicago")
        self.see("contact")
        self.go_on()
        self.see("contacts")
        self.go_on()
        self.choose("has_dates", "yes")
        self.page.select_option("[name=kind]", "hearing")
        self.page.fill("[name=on]", (now() + timedelta(days=21)).date().isoformat())
        self.page.fill("[name=place]", "New York")
        self.see("dates")
        self.go_on()
        self.go_on()

    def answer_needs(self) -> None:
        """The first need is theirs, the others are not."""
        for number, _ in enumerate(list(NEEDS)):
            self.choose("answer", "no" if number else "yes")
            self.see(f"need-{number}")
            self.go_on()

    def ask_alone(self) -> None:
        """The mother, alone: she feels safe."""
        self.see("safety-list")
        self.page.click("main .tasks a")
        self.page.locator("[name=is_asked_alone]").check()
        self.choose("answer", "yes")
        self.see("safety")
        self.go_on()

    def interview(self, *, wish: str, place: str, language: str = "es") -> None:
        """From the door to a finished interview; the page is its list of questions."""
        self.arrive(len(FAMILY), language)
        self.explain()
        self.describe()
        self.tell_origin()
        self.wish(wish, place)
        self.tell_of_family()
        self.answer_needs()
        self.ask_alone()
        self.page.locator(".act-bar a[href$='/interview/']").first.click()
        self.see("interview-done")

    def choose_journey(self) -> None:
        """Look for journeys and take the first that may be chosen."""
        self.go_on()
        self.see("offers-empty")
        self.go_on()
        self.see("offers")
        self.page.locator("button[name=offer]").first.click()

    def hold(self, fund: str) -> None:
        """Everything read out, a yes to buying and to telling, and the fund that pays."""
        for box in self.page.locator("[name=heard]").all():
            box.check()
        self.choose("consent", "yes")
        self.choose("notice", "yes")
        self.page.get_by_label(fund).check()
        self.see("pay")
        self.go_on()

    def buy(self, confirmation: str) -> None:
        """Bought at the carrier; what it cost is filled in from the quote."""
        self.page.fill("[name=confirmation]", confirmation)
        receipt = {"name": "receipt.png", "mimeType": "image/png", "buffer": RECEIPT}
        self.page.set_input_files("[name=receipt]", receipt)
        self.see("purchase")
        self.go_on()

    def issue(self) -> None:
        """The last look, and issued."""
        self.see("issue")
        self.go_on()
        self.see("tickets")

    def change(self, confirmation: str) -> None:
        """From the issued tickets to another journey, bought and issued."""
        self.page.click("main a[href$='/change/']")
        self.page.locator("main input[name=offer]").last.check()
        self.choose("consent", "yes")
        self.see("change")
        self.go_on()
        self.buy(confirmation)
        self.issue()

    def void(self) -> None:
        """From the issued tickets: they changed their mind."""
        self.page.click("main a[href$='/void/']")
        self.choose("why", "changed_mind")
        self.see("void")
        self.page.click("main .button-danger")
