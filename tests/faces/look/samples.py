"""A made-up world of one page each, to look at the look: what every partial is given."""

from datetime import UTC, datetime
from types import SimpleNamespace as Made

from django import forms
from django.utils.safestring import SafeString, mark_safe

from onward.core.money import Money
from onward.faces.formats import cash
from onward.faces.forms_look import Answers, ChoiceLabel, DateBox, Keys, TimeBox, WholeNumberBox

ANSWERS = [
    ("yes", "Yes"),
    ("no", "No"),
    ("unknown", "Don't know"),
    ("declined", "Declined"),
    ("not_asked", "Not asked"),
]


class ArrivalForm(forms.Form):
    """One field of each kind."""

    heads = forms.ChoiceField(label="How many people", choices=[(n, n) for n in range(1, 9)], widget=Keys)
    bed = forms.ChoiceField(label="A bed tonight", choices=ANSWERS, widget=Answers)
    safe = forms.ChoiceField(label="Do you feel safe with these people?", choices=ANSWERS, widget=Answers)
    wish = forms.CharField(label="Where do you want to go", help_text="In their own words: a place, a person.")
    words = forms.CharField(label="What they said", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    hearing_on = forms.DateField(label="Hearing", widget=DateBox, required=False)
    hearing_time = forms.TimeField(label="At", widget=TimeBox, required=False)
    fund = forms.ChoiceField(label="Paid by", widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label="On the way", choices=[("step", "Step-free"), ("milk", "Milk")], widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label="Language", choices=[("es", "español"), ("ar", "العربية")])
    receipt = forms.FileField(label="Receipt", help_text="A picture or a PDF, up to 10 MB.", required=False)
    fare = forms.IntegerField(label="Fare", widget=WholeNumberBox(attrs={"class": "w8"}))
    agreed = forms.BooleanField(label="The contact agreed to be named", required=False)

    def __init__(self, data: dict[str, object] | None = None) -> None:
        super().__init__(data)
        left = cash(Money(1_271_350, "USD"))
        self.fields["fund"].choices = [  # type: ignore[attr-defined]
            ("general", ChoiceLabel("General travel fund", f"{left} left; pays for anyone seen here")),
            ("relative", ChoiceLabel("A relative", "The receipt is kept with the case")),
        ]


def _duty(number: str, what: str, detail: str, when: str, **more: object) -> Made:
    return Made(number=number, what=what, detail=detail, when=when, url="/case/", **more)


def _strip() -> SafeString:
    rows = []
    for index, (name, legs) in enumerate(
        (
            ("Train 69", [("leg-train", 90, 340, "Amtrak 69 · Adirondack"), ("leg-coach", 480, 190, "Coach 604")]),
            ("Coach", [("leg-coach", 210, 420, "Coach 22 · direct")]),
            ("Toronto", [("leg-train", 90, 300, "Amtrak 63"), ("leg-local", 410, 330, "VIA 97")]),
        )
    ):
        y = 40 + index * 44
        rows.append(f'<text x="0" y="{y + 18}" class="strong">{name}</text>')
        end = 0
        for css, x, width, text in legs:
            if end:
                rows.append(
                    f'<rect x="{end}" y="{y + 2}" width="{x - end}" height="22" fill="url(#wait)" class="wait"/>'
                )
            rows.append(f'<rect class="{css}" x="{x}" y="{y}" width="{width}" height="26" rx="2"/>')
            rows.append(f'<text class="on" x="{x + 8}" y="{y + 18}">{text}</text>')
            end = x + width
    hours = "".join(
        f'<path class="axis" d="M{80 + i * 110} 22V170"/><text class="soft" x="{84 + i * 110}" y="14">'
        f"{(6 + i * 3) % 24:02d}:00</text>"
        for i in range(8)
    )
    return mark_safe(  # noqa: S308
        '<svg viewBox="0 0 920 176" role="img" aria-label="Three journeys from Wed 11 Jun 06:00 to Thu 12 Jun 03:00">'
        '<defs><pattern id="wait" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch-line" d="M0 0V8"/></pattern></defs>'
        '<rect class="night" x="620" y="22" width="300" height="148"/>'
        f'<rect class="open" x="700" y="30" width="200" height="140"/>{hours}{"".join(rows)}'
        '<path class="risk" d="M455 62l9 16h-18z"/></svg>'
    )


def _columns() -> SafeString:
    heads = [4, 0, 14, 6, 3, 9, 12, 0, 0, 5, 2, 8, 0, 1]
    bars = []
    for i, n in enumerate(heads):
        x, low = 46 + i * 62, n * 8
        bars.append(
            f'<rect x="{x}" y="{150 - low - 24}" width="40" height="24" fill="url(#forecast)" class="forecast"/>'
            f'<rect class="ticketed" x="{x}" y="{150 - low}" width="40" height="{low * 0.6:.0f}"/>'
            f'<rect class="announced" x="{x}" y="{150 - low * 0.4:.0f}" width="40" height="{low * 0.4:.0f}"/>'
            f'<text x="{x + 20}" y="{120 - low}" text-anchor="middle" class="strong">{n}</text>'
            f'<text x="{x + 20}" y="168" text-anchor="middle" class="soft">{11 + i} Jun</text>'
        )
    return mark_safe(  # noqa: S308
        '<svg viewBox="0 0 920 176" role="img" aria-label="Heads known by day for 14 days, most on Fri 13 Jun: 14">'
        '<defs><pattern id="forecast" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch-line" d="M0 0V6"/></pattern></defs>'
        f'{"".join(bars)}<path class="base" d="M40 150.5H910"/></svg>'
    )


def world() -> dict[str, object]:
    """What every sample page may use."""
    said = datetime(2026, 3, 2, 20, 2, tzinfo=UTC)
    return {
        "centre": Made(name="New York", pk=1),
        "centres": [Made(name="New York", pk=1), Made(name="El Paso", pk=2)],
        "place": Made(name="Montréal"),
        "is_demonstration": True,
        "identity": Made(
            number="NYC-0412",
            url="/case/",
            heads="4 people: 2 adults, 2 children",
            language="Spanish",
            going="Montréal",
            next="Wed 11 Jun 06:45, Penn Station",
        ),
        "late": [
            _duty(
                "388", "Did not confirm leaving", "3 people, French", "Late by 40 min", status="late", act="Ask them"
            ),
        ],
        "mine": [
            _duty(
                "401",
                "Interview parked",
                "2 people, Arabic: the interpreter left",
                "until 14:00",
                status="parked",
                act="Go on",
            ),
            _duty(
                "397",
                "Refund owed by the carrier",
                "$148.00, ticket voided",
                "9 days",
                status="waiting",
                act="Record the refund",
            ),
        ],
        "queue": [
            _duty(
                "409",
                "4 people, Spanish",
                "A bed tonight. A child has a fever",
                "1 h 10",
                status="warn",
                act="Begin",
                posts=True,
            ),
            _duty("410", "1 person, Wolof", "No bed needed", "55 min", act="Begin"),
            _duty("411", "6 people, Spanish", "A bed tonight", "41 min", act="Begin"),
            _duty("412", "2 people, French", "Not asked about a bed", "12 min", act="Begin"),
        ],
        "tasks": [
            Made(
                title="Purpose read out and confirmed",
                url="/1/",
                status="done",
                word="",
                hint="Spanish, wording 3, Tue 10 Jun",
            ),
            Made(
                title="Wishes in their own words",
                url="/2/",
                status="done",
                word="",
                hint="Montréal; “my cousin in Toronto”",
            ),
            Made(title="Each adult asked alone", url="/3/", status="now", word="1 of 2 asked", hint="", current=True),
            Made(title="Needs on the way", url="/4/", status="parked", word="Parked until 14:00", hint=""),
            Made(title="Contact in Montréal", url="/5/", status="waiting", word="Not reached yet", hint=""),
            Made(title="Journeys", url="/6/", status="todo", word="", hint=""),
            Made(title="Ticket", url="", status="later", word="", hint=""),
            Made(title="Lawyer reached", url="/8/", status="none", word="", hint=""),
        ],
        "acts": [
            Made(
                kind="stop",
                sentence="One adult said she does not feel safe. No ticket until the protection lead spoke with her.",
                at=said,
                when="Tue 10 Jun 16:20, New York",
                who="Ana P.",
                why="Asked alone, by phone interpreter.",
            ),
            Made(
                kind="told",
                sentence="Montréal was told: 4 people, Wed 11 Jun between 18:00 and 24:00.",
                at=said,
                when="Tue 10 Jun 16:02, New York",
                who="by issuing the ticket",
                why="",
            ),
            Made(
                kind="done",
                sentence="4 tickets issued, $592.00 from the General travel fund.",
                at=said,
                when="Tue 10 Jun 15:58, New York",
                who="Ana P.",
                why="",
            ),
            Made(
                kind="",
                sentence="They changed the first wish from Toronto to Montréal.",
                at=said,
                when="Tue 10 Jun 15:31, New York",
                who="Sam O.",
                why="“My sister is there since May.”",
            ),
        ],
        "offers": [
            Made(
                title="Montréal by train and coach",
                act="Choose this",
                depart="Wed 11 Jun 07:15, New York",
                arrive="Wed 11 Jun 20:16, Montréal",
                length="13 h 01",
                changes="1, in Plattsburgh",
                price="$592.00 for 4",
                says=[
                    ("warn", "70 minutes to change in Plattsburgh; the next coach is in the morning."),
                    (
                        "done",
                        "Arrives while the shelter is open. The place said: can, beds for four (said 3 days ago).",
                    ),
                    ("told", "A land border: the card of 25 Mar has to be read out first."),
                ],
            ),
            Made(
                title="Montréal by coach",
                act="Choose this",
                depart="Wed 11 Jun 09:30, New York",
                arrive="Wed 11 Jun 17:55, Montréal",
                length="8 h 25",
                changes="none",
                price="$436.00 for 4",
                says=[("note", "No step-free place on this coach.")],
            ),
            Made(
                title="Stay here for now",
                act="Stay",
                depart="",
                says=[("note", "Nothing changes. The wish is kept, and they can ask again any day.")],
            ),
            Made(
                title="Decide later",
                act="Decide later",
                depart="",
                says=[("note", "The case is parked with a day to ask again. Prices may differ then.")],
            ),
            Made(
                title="Say no to travelling",
                act="Say no",
                depart="",
                says=[("note", "Written down as their answer, without a reason. It is never counted against anyone.")],
            ),
        ],
        "strip": _strip(),
        "columns": _columns(),
        "rows": [
            Made(label="People", value="2 adults, 2 children (4 and 9)", url="/1/"),
            Made(label="Journey", value="Wed 11 Jun 07:15, New York\nWed 11 Jun 20:16, Montréal", url="/2/"),
            Made(label="Step-free", value="no", url="/3/"),
            Made(label="Contact", value="", url="/4/"),
            Made(label="Price", value="$592.00 for 4", url=""),
        ],
        "lines": [
            ("Wed 11 Jun", "Held for NYC-0412, 4 tickets", "592.00", "", "", "12,713.50"),
            ("Tue 10 Jun", "Given back: ticket of NYC-0397 voided", "", "", "148.00", "13,305.50"),
            ("Mon 9 Jun", "Spent: NYC-0391, coach to Chicago", "", "410.00", "", "13,157.50"),
        ],
    }
