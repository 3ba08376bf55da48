"""Files sent to us: never read past the limit, and never put on a disk as they came."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MAX_UPLOAD_BYTES = 10 * 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Keeps a file in memory, so that a receipt with names on it lies nowhere unsealed, not for a moment.

    Stops taking it at MAX_UPLOAD_BYTES and leaves its name in request.META["onward.too_large"].
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A new file begins."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk, or skip the rest of a file that is too large."""
        if self.kept.tell() + len(raw_data) > MAX_UPLOAD_BYTES:
            if self.request is not None:
                self.request.META["onward.too_large"] = self.field_name or "file"
            raise SkipFile
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
