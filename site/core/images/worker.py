"""Decode pictures in a child process: decoders are written in C and read what a stranger made."""

import json

from ..processes.parent import ChildProcess, Ended, Overdue
from .messages import Encoded, Limits
from .refusal import PictureFault, PictureRefused


class PictureWorker(ChildProcess):
    """Decodes pictures in a child process, one at a time. Safe for threads and after a fork."""

    def __init__(self, program: str = "core.images") -> None:
        """Take the module to run, which must speak the protocol of `core.images.__main__`."""
        super().__init__(program)

    def encoded_anew(self, file: bytes, limits: Limits, seconds: float) -> Encoded:
        """Return the picture in `file` encoded anew, or raise PictureRefused.

        `seconds` are of processor time, as for `ChildProcess.ask`.
        """
        try:
            answer = self.ask(json.dumps(limits).encode() + b"\n" + file, seconds)
        except Overdue as error:
            raise PictureRefused(PictureFault.COSTLY) from error
        except Ended as error:
            raise PictureRefused(PictureFault.BROKEN) from error
        head, _line, content = answer.partition(b"\n")
        said = json.loads(head)
        if isinstance(said, str):
            raise PictureRefused(PictureFault(said))
        kind, width, height = said
        return Encoded(kind, width, height, content)
