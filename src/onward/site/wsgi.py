"""The WSGI application granian serves, with the key ring open and the timetables named."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  (only once the application is set up)

import onward.engines.journeys.fast  # noqa: E402, F401  (the search's code is there before the first family asks)
from onward.site.start import hand_in_all  # noqa: E402

hand_in_all(settings.ENVIRONMENT)
