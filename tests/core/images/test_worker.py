"""Test the picture process: killed at its limits, and the next picture works."""

import os
from collections.abc import Iterator

import pytest

from core.images.messages import Frame, Limits
from core.images.refusal import PictureFault, PictureRefused
from core.images.worker import PictureWorker

LIMITS = Limits(100, 100, 1, Frame(100, 100))


@pytest.fixture(scope="module")
def worker() -> Iterator[PictureWorker]:
    worker = PictureWorker("tests.core.images.slow_decoder")
    yield worker
    worker.close()


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("sleep", PictureFault.COSTLY),
        ("loop", PictureFault.COSTLY),
        ("devour", PictureFault.COSTLY),
        ("die", PictureFault.BROKEN),
        ("fail", PictureFault.BROKEN),
    ],
)
def test_a_decoder_that_runs_away_is_stopped_and_the_next_picture_works(
    worker: PictureWorker, file: str, reason: PictureFault
) -> None:
    with pytest.raises(PictureRefused) as refused:
        worker.encoded_anew(file.encode(), LIMITS, 0.2 if reason == PictureFault.COSTLY else 30.0)
    assert refused.value.reason == reason
    every_byte = bytes(range(256)) + os.linesep.encode()
    assert worker.encoded_anew(every_byte, LIMITS, 30.0).content == every_byte
