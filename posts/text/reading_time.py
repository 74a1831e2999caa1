"""Work out how long a text takes to read. Pure."""

import re

# Adults read English prose silently at 238 words a minute (Brysbaert 2019, over 190 studies).
WORDS_PER_MINUTE = 238
# Code between fences is looked at rather than read: its words are left out.
_FENCED = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)


def reading_minutes(body: str) -> int:
    """Return the reading time of the Markdown `body` in minutes, without its code, at least one."""
    words = _FENCED.sub("", body).split()
    return max(1, round(len(words) / WORDS_PER_MINUTE))
