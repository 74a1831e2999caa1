"""The folder of backups that got no other place, and how long each stays there."""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from ..private import FOLDER_MODE

# Erased words are promised to be gone from copies within 35 days; the rest is for copies elsewhere.
KEPT_FOR = timedelta(days=14)


def new_path(now: datetime) -> Path:
    """Return the path of a backup made at `now`, in the folder, which is made if needed."""
    folder = Path(settings.PRIVATE_DIR) / "backups"
    folder.mkdir(mode=FOLDER_MODE, exist_ok=True)
    return folder / f"{now:%Y-%m-%dT%H-%M-%S}.tar"


def delete_old(folder: Path, now: datetime) -> None:
    """Delete what `folder` holds from before `KEPT_FOR`, also what an interrupted backup left."""
    before = (now - KEPT_FOR).timestamp()
    for path in folder.iterdir():
        if path.lstat().st_mtime >= before:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            with suppress(FileNotFoundError):
                path.unlink()
