"""Settings for the tests: the same product, its state in a folder of its own, quick password hashes."""

import os
import tempfile

os.environ.setdefault("ONWARD_HOME", tempfile.mkdtemp(prefix="onward-test-"))
os.environ.setdefault("ONWARD_PASSPHRASE", "a passphrase for tests only")

from onward.site.settings import *  # noqa: E402, F403  (the product's own settings, then the few that differ)
from onward.site.settings import DATABASES, ENVIRONMENT  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["TEST"] = {"NAME": str(ENVIRONMENT.home / "test.sqlite3")}
