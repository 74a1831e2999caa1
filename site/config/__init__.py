"""The project: settings, URLs, server entry points, health checks and backups."""

import sys
from pathlib import Path

# Servers put only `site/` on the path; `posts` and `comments` are in the root.
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)
