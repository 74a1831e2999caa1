"""The project: settings, addresses and server entry points."""

import sys
from pathlib import Path

# Servers put only `site/` on the path; the apps at the top level need the root as well.
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)
