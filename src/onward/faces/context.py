"""What every template may use: is this a demonstration, whose desk, which languages."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """is_demonstration, centre (None outside the desk), actor (likewise)."""
    return {
        "is_demonstration": settings.ENVIRONMENT.is_demonstration,
        "centre": getattr(request, "centre", None),
        "actor": getattr(request, "actor", None),
    }
