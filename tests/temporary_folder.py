"""Print the folder where tests store their files: in memory, if there is room.

Sites that tests start sync their databases as real ones do. That takes 28 ms a commit on a slow
disk and 1 ms in memory, and no test cuts the power.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
# Bytes; four times what a whole run was seen to store at once.
ROOM = 4 * 1024**3


def temporary_folder(memory: Path = MEMORY, room: int = ROOM) -> Path:
    """Return `memory` if tests may write, run programs and store `room` bytes there.

    Return the system's folder for temporary files otherwise, also if TMPDIR names it.
    """
    if "TMPDIR" not in os.environ and _is_fit(memory, room):
        return memory
    return Path(tempfile.gettempdir())


def _is_fit(folder: Path, room: int) -> bool:
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    system = os.statvfs(folder)
    runs_programs = not system.f_flag & os.ST_NOEXEC
    return runs_programs and system.f_bavail * system.f_frsize >= room


if __name__ == "__main__":
    print(temporary_folder())
