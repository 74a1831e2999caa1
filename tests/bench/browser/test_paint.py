"""Test the slow line: it delays and orders packets as configured, and loses none."""

import asyncio

import pytest

from bench.browser.paint import AGAIN, FIRST, typical
from bench.harness.slow_line import BYTES_A_SECOND, PACKET, ROUND_TRIP, Direction, slow_line


def test_a_packet_takes_its_time_and_the_way() -> None:
    direction = Direction(bytes_a_second=1_000, delay=0.5)
    assert direction.arrival(now=10.0, size=100) == pytest.approx(10.6)


def test_packets_share_the_line_in_the_order_they_come() -> None:
    direction = Direction(bytes_a_second=1_000, delay=0.5)
    arrivals = [direction.arrival(now=10.0, size=100) for _ in range(3)]
    assert arrivals == pytest.approx([10.6, 10.7, 10.8])


def test_a_line_that_stood_idle_has_saved_nothing() -> None:
    direction = Direction(bytes_a_second=1_000, delay=0.5)
    direction.arrival(now=10.0, size=100)
    assert direction.arrival(now=20.0, size=100) == pytest.approx(20.6)


async def _asked_through_a_line(question: bytes, answer: bytes) -> tuple[bytes, float]:
    """Return what a server says to `question` through a slow line, and after how many seconds."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(len(question))
        writer.write(answer)
        writer.close()

    clock = asyncio.get_running_loop().time
    async with await asyncio.start_server(serve, "localhost", 0) as server:
        with slow_line(server.sockets[0].getsockname()[1]) as line:
            start = clock()
            reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
            writer.write(question)
            heard = await reader.read()
            taken = clock() - start
            writer.close()
    return heard, taken


def test_everything_arrives_after_two_round_trips_and_its_own_time() -> None:
    answer = bytes(range(256)) * 100
    heard, taken = asyncio.run(_asked_through_a_line(b"x" * PACKET * 2, answer))
    assert heard == answer
    assert taken >= 2 * ROUND_TRIP + (len(answer) + PACKET * 2) / BYTES_A_SECOND


def test_a_figure_is_the_middle_of_its_runs_but_every_shift_counts() -> None:
    runs = [
        {"first paint": seconds, "shift": shift}
        for seconds, shift in ((1.0, 0.0), (3.0, 0.2), (1.2, 0.0))
    ]
    assert typical(runs) == {"first paint": 1.2, "shift": 0.2}
    assert FIRST != AGAIN
