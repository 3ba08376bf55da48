"""The sentences people read: collect them from code and templates, check every language has them, compile.

python tools/messages.py collect [es]   bring the languages' files up to date (new sentences come empty)
python tools/messages.py check     fail where a sentence is missing, empty, left over, or its placeholders differ
python tools/messages.py compile   write the .mo files
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "onward"
sys.path.insert(0, str(SOURCE.parent))

from onward.site.translations import LOCALE, compile_all, list_catalogues  # noqa: E402

LANGUAGES = ("es", "fr", "ar")
CALLS = {"gettext", "gettext_lazy", "gettext_noop", "message", "_"}
PLURAL_CALLS = {"ngettext", "ngettext_lazy"}
CONTEXT_CALLS = {"pgettext", "pgettext_lazy"}
CONTEXT_END = "\x04"
"""Between the context of a sentence and the sentence, as in compiled catalogues."""
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
TAG = re.compile(r"{%\s*(?P<name>translate|trans)\s+(?P<text>\"[^\"]*\"|'[^']*')")
INNER = re.compile(r"\b_\((\"[^\"]*\"|'[^']*')\)")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%}(?P<body>.*?){%\s*endblocktrans(?:late)?\s*%}", re.S)
PLURAL = re.compile(r"{%\s*plural\s*%}")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")
type Id = str | tuple[str, str]


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def in_python(path: Path) -> Iterator[Id]:
    """Sentences marked in a Python file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [_text(argument) for argument in node.args]
        if name in CALLS and texts and texts[0]:
            yield texts[0]
        if name in PLURAL_CALLS and len(texts) >= 2 and texts[0] and texts[1]:
            yield texts[0], texts[1]
        if name in CONTEXT_CALLS and len(texts) >= 2 and texts[0] and texts[1]:
            yield texts[0] + CONTEXT_END + texts[1]


def _block_text(body: str, options: str) -> str:
    if "trimmed" in options:
        body = " ".join(line.strip() for line in body.strip().splitlines())
    return VARIABLE.sub(r"%(\1)s", body.replace("%", "%%") if "%" in body else body)


def in_template(path: Path) -> Iterator[Id]:
    """Sentences marked in a template."""
    source = path.read_text()
    for match in TAG.finditer(source):
        yield match["text"][1:-1]
    for match in INNER.finditer(source):
        yield match[1][1:-1]
    for match in BLOCK.finditer(source):
        forms = [_block_text(part, match["options"]) for part in PLURAL.split(match["body"])]
        yield forms[0] if len(forms) == 1 else (forms[0], forms[1])


def list_sentences() -> dict[Id, list[str]]:
    """Every sentence with the files it stands in, in order."""
    found: dict[Id, list[str]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        if "migrations" in path.parts or "vendor" in path.parts:
            continue
        for sentence in in_python(path) if path.suffix == ".py" else in_template(path):
            places = found.setdefault(sentence, [])
            if path.relative_to(SOURCE).as_posix() not in places:
                places.append(path.relative_to(SOURCE).as_posix())
    return found


def _read(language: str) -> Catalog:
    path = list_catalogues().get(language)
    if path is None:
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def _key(sentence: Id) -> tuple[str, str | None]:
    """What a catalogue finds a sentence by: its first form and its context."""
    context, _, text = (sentence if isinstance(sentence, str) else sentence[0]).rpartition(CONTEXT_END)
    return text, context or None


def collect(languages: tuple[str, ...]) -> None:
    """Write each language's file with exactly today's sentences, keeping what is translated."""
    sentences = list_sentences()
    for language in languages:
        old, new = _read(language), Catalog(locale=language, project="Onward", charset="utf-8")
        for sentence, places in sentences.items():
            first, context = _key(sentence)
            kept = old.get(first, context)
            same_form = kept is not None and isinstance(kept.string, str) == isinstance(sentence, str)
            text: Id = first if isinstance(sentence, str) else sentence
            string = kept.string if kept and same_form else None
            new.add(text, string, [(place, None) for place in places], context=context)
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, new, omit_header=False, width=110, include_lineno=False, sort_output=True)


def _faults(language: str, sentences: dict[Id, list[str]]) -> Iterator[str]:
    catalogue = _read(language)
    wanted = {_key(sentence): sentence for sentence in sentences}
    known = {((one.id if isinstance(one.id, str) else one.id[0]), one.context) for one in catalogue if one.id}
    for left_over, _ in sorted(known - wanted.keys(), key=str):
        yield f"{language}: left over: {left_over!r}"
    for (first, context), sentence in wanted.items():
        entry = catalogue.get(first, context)
        strings = () if entry is None else (entry.string,) if isinstance(entry.string, str) else entry.string
        if not strings or not all(strings):
            yield f"{language}: not translated: {first!r} ({sentences[sentence][0]})"
            continue
        allowed = set(PLACEHOLDER.findall(first if isinstance(sentence, str) else " ".join(sentence)))
        for string in strings:
            used = set(PLACEHOLDER.findall(string))
            if used - allowed or (isinstance(sentence, str) and used != allowed):
                yield f"{language}: placeholders differ: {first!r} -> {string!r}"


def check() -> int:
    """Print every fault; 1 if there is any."""
    sentences = list_sentences()
    faults = [fault for language in LANGUAGES for fault in _faults(language, sentences)]
    print("\n".join(faults[:60]))
    print(f"{len(sentences)} sentences in {len(LANGUAGES)} languages, {len(faults)} faults")
    return 1 if faults else 0


def main(verb: str = "check", *languages: str) -> int:
    """Do what the verb says."""
    if verb == "collect":
        collect(languages or LANGUAGES)
        return 0
    if verb == "compile":
        compile_all()
        return 0
    return check()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
