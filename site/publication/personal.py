"""Declare whose words the site profile holds: those of the publication, of no person."""

from core import personal

personal.nobodys(
    "the publication's own words, which stay when an admin leaves",
    publication__SiteProfile="name tagline description contact menu footer "
    "about rules privacy imprint",
)
personal.nobodys(
    "a code, one of a few words", publication__SiteProfile="language time_zone palette typefaces"
)
