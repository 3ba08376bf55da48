"""The stylesheets and the script kept to their rules, by reading them."""

import re
from pathlib import Path

import pytest

from onward.faces import forms_look

STATIC = Path(forms_look.__file__).parent / "static" / "onward"
TOKENS = {
    "ink": "#1b1f23",
    "paper": "#fff",
    "wash": "#f5f6f4",
    "line": "#cfd4cf",
    "green": "#0b5d4b",
    "focus": "#ffbf47",
    "stop": "#9b1c1c",
    "stop-on": "#fdecea",
    "warn": "#7a4f00",
    "warn-on": "#fff4d6",
    "done": "#1e6b3a",
    "done-on": "#e6f4ea",
    "told": "#1f4e79",
    "told-on": "#e8f1fa",
}
PAIRS = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("quiet", "paper"),
    ("quiet", "wash"),
    ("green", "paper"),
    ("green", "wash"),
]
PAIRS += [("paper", "green"), ("ink", "focus"), ("ink", "stop-on"), ("green", "done-on"), ("ink", "done-on")]
PAIRS += [(kind, f"{kind}-on") for kind in ("stop", "warn", "done", "told")]
PAIRS += [(kind, ground) for kind in ("stop", "warn", "done", "told") for ground in ("paper", "wash")]


def read(name: str) -> str:
    """A file of ours."""
    return (STATIC / name).read_text(encoding="utf-8")


def tokens() -> dict[str, str]:
    """The colours the stylesheet names."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", read("desk.css")))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_stylesheet_stays_under_700_lines() -> None:
    assert len(read("desk.css").splitlines()) < 700
    assert len(read("onward.js").splitlines()) < 120


def test_the_colours_are_the_ones_agreed() -> None:
    assert tokens().items() >= TOKENS.items()


@pytest.mark.parametrize(("front", "ground"), PAIRS)
def test_words_stand_out_at_least_four_and_a_half_to_one(front: str, ground: str) -> None:
    assert contrast(tokens()[front], tokens()[ground]) >= 4.5


@pytest.mark.parametrize("name", ["desk.css", "packet.css", "packet-screen.css"])
def test_sides_are_start_and_end_never_left_and_right(name: str) -> None:
    rules = re.sub(r"/\*.*?\*/", "", read(name), flags=re.S)
    sided = re.findall(r"[\w-]*(?:left|right)\b[^;{}]*", rules)
    assert [rule for rule in sided if "driver-card" not in rule and rule != "left"] == []
    four_sided = re.findall(r"(?:margin|padding|inset): *([^;]+);", rules)
    uneven = [v for v in four_sided if len(v.split()) == 4 and v.split()[1] != v.split()[3]]
    assert uneven == []
