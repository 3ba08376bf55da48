"""Files sent to us: never read past the limit."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MAX_UPLOAD_BYTES = 10 * 1024 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Stops taking a file at MAX_UPLOAD_BYTES and leaves its name in request.META["onward.too_large"]."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A new file begins."""
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on, or skip the rest of a file that is too large."""
        self.taken += len(raw_data)
        if self.taken > MAX_UPLOAD_BYTES:
            if self.request is not None:
                self.request.META["onward.too_large"] = self.field_name or "file"
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """Leave the file to the next handler."""
        return None
