"""Words a receiving place writes to us: kept as they are, of a bounded length."""

from onward.core.errors import BadInput, message

WORDS_MOST = 400


def read_words(words: str) -> str:
    """Words of at most WORDS_MOST characters, line ends counted once; raises BadInput for the field "words"."""
    kept = words.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(kept) > WORDS_MOST:
        raise BadInput(
            "words.too_long",
            message("These words are %(length)s characters long."),
            remedy=message("Shorten them to %(most)s characters."),
            field="words",
            values={"length": len(kept), "most": WORDS_MOST},
        )
    return kept
