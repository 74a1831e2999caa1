"""A slow line in front of a server: a TCP proxy with a phone's bandwidth and distance.

Chromium's own throttling leaves out the document and the set-up of connections. Here every byte
passes through the line, and a new connection waits for its round trip before it may ask. TCP's slow
start is left out, and so is TLS.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

BYTES_A_SECOND = 1_600_000 / 8  # each way, for all connections together
ROUND_TRIP = 0.150  # seconds
PACKET = 1_460  # bytes; what one connection sends before the next has its turn


@dataclass
class Way:
    """One direction of the line. Times are seconds of the same clock."""

    bytes_a_second: float = BYTES_A_SECOND
    delay: float = ROUND_TRIP / 2
    free: float = 0.0

    def arrival(self, now: float, size: int) -> float:
        """Send `size` bytes after all that is on its way already; return when they arrive."""
        self.free = max(self.free, now) + size / self.bytes_a_second
        return self.free + self.delay


@dataclass
class Line:
    """The proxy: where it leads, and the connections that are open."""

    port_behind: int
    up: Way = field(default_factory=Way)
    down: Way = field(default_factory=Way)
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Carry one connection to the server and back until both ends are through."""
        far, forth = await asyncio.open_connection("localhost", self.port_behind)
        writers = {back, forth}
        self.open |= writers
        await asyncio.sleep(ROUND_TRIP)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(carry(near, forth, self.up))
                both.create_task(carry(far, back, self.down))
        except* ConnectionError:
            pass  # a browser that leaves need not be polite
        finally:
            self.open -= writers
            for writer in writers:
                writer.close()

    def hang_up(self) -> None:
        """End all connections, so that the next visit sets up its own."""
        for writer in list(self.open):
            writer.transport.abort()


async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, way: Way) -> None:
    """Bring everything from `source` to `target`, as late as `way` does, and then its end."""
    clock = asyncio.get_running_loop().time
    packets: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            arrival, packet = await packets.get()
            await asyncio.sleep(arrival - clock())
            if not packet:
                break
            target.write(packet)
        if target.can_write_eof():
            target.write_eof()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(deliver())
        packet = b"first"
        while packet:
            packet = await source.read(PACKET)
            packets.put_nowait((way.arrival(clock(), len(packet)), packet))
            # What is sent meanwhile by other connections comes in between.
            await asyncio.sleep(way.free - clock())


class Running:
    """A line that runs in a thread of its own."""

    def __init__(self, port_behind: int) -> None:
        self._line = Line(port_behind)
        started: Future[int] = Future()
        self._thread = threading.Thread(target=asyncio.run, args=[self._serve(started)])
        self._thread.start()
        self.port = started.result()

    async def _serve(self, started: Future[int]) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        async with await asyncio.start_server(self._line.connected, "127.0.0.1", 0) as server:
            started.set_result(server.sockets[0].getsockname()[1])
            await self._ended.wait()
        while self._line.open:
            self._line.hang_up()
            await asyncio.sleep(ROUND_TRIP / 10)

    def hang_up(self) -> None:
        """End all connections."""
        self._loop.call_soon_threadsafe(self._line.hang_up)

    def stop(self) -> None:
        """End the line with all its connections."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()


@contextlib.contextmanager
def slow_line(port_behind: int) -> Iterator[Running]:
    """Lead to `port_behind` through a slow line until the block ends."""
    line = Running(port_behind)
    try:
        yield line
    finally:
        line.stop()
