"""Time zones as a person chooses them: by city, with the present offset, in groups.

- `names`: which zones there are, and which are offered.
- `options`: the list of them in HTML.
"""

from .names import zone_names
from .options import zone_label, zone_options

__all__ = ["zone_label", "zone_names", "zone_options"]
