"""A file sent to us stays in memory whatever its size, up to the limit."""

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from onward.faces.uploads import MAX_UPLOAD_BYTES


@pytest.mark.parametrize("size", [0, 5, 3 * 1024 * 1024, MAX_UPLOAD_BYTES])
def test_a_receipt_of_any_size_is_never_put_on_a_disk_unsealed(size: int) -> None:
    content = b"%PDF-" * (size // 5) + b"x" * (size % 5)
    sent = SimpleUploadedFile("r.pdf", content, content_type="application/pdf")
    request = RequestFactory().post("/", {"receipt": sent, "confirmation": "K7M2"})

    kept = request.FILES["receipt"]
    assert isinstance(kept, InMemoryUploadedFile)
    assert (kept.size, kept.read(), kept.name) == (size, content, "r.pdf")
    assert request.POST["confirmation"] == "K7M2"


def test_a_file_past_the_limit_is_not_taken_and_said() -> None:
    sent = SimpleUploadedFile("r.pdf", b"0" * (MAX_UPLOAD_BYTES + 1), content_type="application/pdf")
    request = RequestFactory().post("/", {"receipt": sent, "confirmation": "K7M2"})

    assert "receipt" not in request.FILES
    assert request.META["onward.too_large"] == "receipt"
    assert request.POST["confirmation"] == "K7M2"
