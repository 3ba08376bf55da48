"""A receipt's file: what it is by its own first bytes, never by its name, and how large it may be."""

from onward.core.errors import BadInput, message

RECEIPT = "travel.Receipt.content"
RECEIPT_MOST_BYTES = 10 * 1024 * 1024
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)
"""PNG: ISO/IEC 15948, 5.2. JPEG: ITU-T T.81, B.1.1.3. PDF: ISO 32000-2, 7.5.2."""


def read_media_type(content: bytes) -> str:
    """The media type of a receipt's bytes. BadInput for anything but PNG, JPEG and PDF, or above 10 MB."""
    if len(content) > RECEIPT_MOST_BYTES:
        raise BadInput(
            "receipt.too_large",
            message("This file is larger than 10 MB."),
            remedy=message("Take a smaller picture, or save the receipt as PDF."),
            field="receipt",
        )
    found = next((media_type for start, media_type in _BEGINNINGS if content.startswith(start)), None)
    if found is None:
        raise BadInput(
            "receipt.not_a_receipt",
            message("This file is neither a picture (PNG, JPEG) nor a PDF."),
            remedy=message("Choose the carrier's receipt again, or go on without it."),
            field="receipt",
        )
    return found
