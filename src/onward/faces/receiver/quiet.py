"""Links stay out of logs: whoever holds one can answer for a place."""

import logging
import re

_LINK = re.compile(r"/receive/[^/\s]+")


class HideLinks(logging.Filter):
    """Takes the token out of every address of the receiver's door before a line is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, without its links."""
        said = record.getMessage()
        if "/receive/" in said:
            record.msg, record.args = _LINK.sub("/receive/(link)", said), None
        return True
