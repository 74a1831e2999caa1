"""Make the web app manifest: what a phone calls the site, and what it shows on a home screen."""

from typing import Any

from django.templatetags.static import static

from .look import shipped
from .models import SiteProfile

ICONS = (("192", "192x192", "any"), ("512", "512x512", "any"), ("maskable", "512x512", "maskable"))


def manifest_of(profile: SiteProfile) -> dict[str, Any]:
    """Return the manifest of `profile`; browsers know one colour of a site only, that by day."""
    addresses = addresses_of_icons(profile)
    return {
        "id": "/",
        "name": profile.name,
        "description": profile.description or profile.tagline,
        "lang": profile.language,
        "start_url": "/",
        "scope": "/",
        # With the way back and the address, which a publication needs.
        "display": "minimal-ui",
        "theme_color": shipped()["day"]["paper"],
        "background_color": shipped()["day"]["paper"],
        "icons": [
            {"src": addresses[size], "sizes": sizes, "type": "image/png", "purpose": purpose}
            for size, sizes, purpose in ICONS
        ],
    }


def addresses_of_icons(profile: SiteProfile) -> dict[str, str]:
    """Return the addresses of the icons of a home screen, by size."""
    if profile.icon is None:
        return {
            "192": static("icons/icon-192.png"),
            "512": static("icons/icon-512.png"),
            "maskable": static("icons/maskable-512.png"),
        }
    return {**profile.icon.further, "512": profile.icon.address}
