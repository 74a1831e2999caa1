"""The picture process: `python -m core.images CHANNEL` decodes until its channel is closed."""

import json
import logging
import sys
from collections.abc import Callable

from ..processes import child
from .decoder import encoded_anew
from .messages import Encoded, Frame, Limits
from .refusal import PictureFault, PictureRefused

# Bytes of address space. Pillow takes 60 MB; the largest picture that is taken needs 100 MB for its
# pixels and once more to turn and convert them.
MEMORY_LIMIT = 768 * 1024**2

Decode = Callable[[bytes, Limits], Encoded]


def serve(channel: int, decode: Decode) -> None:
    """Decode each picture received on `channel`, a file descriptor, until it is closed.

    A request and an answer are a line of JSON and the bytes of a picture.
    """

    def answer(request: bytes) -> bytes:
        head, _line, file = request.partition(b"\n")
        try:
            *numbers, frame = json.loads(head)
            encoded = decode(file, Limits._make([*numbers, Frame._make(frame)]))
        except PictureRefused as refused:
            return _refused(refused.reason)
        except MemoryError:
            return _refused(PictureFault.COSTLY)
        except Exception:
            logging.exception("A picture of %d bytes broke the decoder", len(file))
            return _refused(PictureFault.BROKEN)
        return json.dumps(encoded[:3]).encode() + b"\n" + encoded.content

    child.serve(channel, answer, MEMORY_LIMIT)


def _refused(reason: PictureFault) -> bytes:
    return json.dumps(reason.value).encode() + b"\n"


if __name__ == "__main__":
    serve(int(sys.argv[1]), encoded_anew)
