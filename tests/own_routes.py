"""The routes that write only what is one's own, and so are open at any time."""

OWN_ROUTES = {
    "comments:deletion",
    "comments:draft",
    "comments:draft-removal",
    "comments:draft-removal-undo",
    "comments:erasure",
    "comments:feed-address",
    "comments:feed-revocation",
    "comments:me-read",
    "comments:me-read-undo",
    "comments:my-saved-removal",
    "comments:my-saved-removal-undo",
    "comments:my-visits",
    "comments:nudge-dismissal",
    "comments:nudge-dismissal-undo",
    "comments:saved",
    "comments:saved-post",
    "comments:saved-post-removal",
    "comments:saved-removal",
    "comments:visit",
    "comments:visit-read",
}
