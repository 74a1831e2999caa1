"""Declare whose words the site profile holds: those of the publication, of no person."""

from core import personal

personal.nobodys(
    "the publication's own words, which stay when an admin leaves",
    publication__SiteProfile="name tagline description contact menu footer "
    "about rules privacy imprint own_answers domains_allowed domains_refused",
)
personal.nobodys(
    "a code, one of a few words",
    publication__SiteProfile="language time_zone palette typefaces answers orders_left_out "
    "signing_up",
)
