"""Put a slow connection before a server: a TCP proxy with a phone's bandwidth and latency.

Chromium's own throttling leaves out the document and the set-up of connections. Here every byte is
delayed, and a new connection waits for a round trip before its first request. TCP's slow start and
TLS are left out.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

BYTES_A_SECOND = 1_600_000 / 8  # each way, for all connections together
ROUND_TRIP = 0.150  # seconds
PACKET = 1_460  # bytes that one connection sends before the next has its turn


@dataclass
class Direction:
    """One direction of the line. Times are seconds of one clock."""

    bytes_a_second: float = BYTES_A_SECOND
    delay: float = ROUND_TRIP / 2
    free: float = 0.0

    def arrival(self, now: float, size: int) -> float:
        """Queue `size` bytes behind those already sent; return their time of arrival."""
        self.free = max(self.free, now) + size / self.bytes_a_second
        return self.free + self.delay


@dataclass
class Proxy:
    """The proxy: the port it forwards to, and its open connections."""

    port_behind: int
    up: Direction = field(default_factory=Direction)
    down: Direction = field(default_factory=Direction)
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Forward one connection in both directions until both are closed."""
        far, forth = await asyncio.open_connection("localhost", self.port_behind)
        writers = {back, forth}
        self.open |= writers
        await asyncio.sleep(ROUND_TRIP)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(forward(near, forth, self.up))
                both.create_task(forward(far, back, self.down))
        except* ConnectionError:
            pass  # a browser may close a connection in the middle
        finally:
            self.open -= writers
            for writer in writers:
                writer.close()

    def hang_up(self) -> None:
        """Abort all connections, so that the next visit sets up new ones."""
        for writer in list(self.open):
            writer.transport.abort()


async def forward(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, way: Direction
) -> None:
    """Forward all bytes from `source` to `target` with the delay of `way`, then the end."""
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
            # Other connections send their packets in between.
            await asyncio.sleep(way.free - clock())


class SlowLine:
    """A slow line that runs in a separate thread."""

    def __init__(self, port_behind: int) -> None:
        self._line = Proxy(port_behind)
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
        """Abort all connections."""
        self._loop.call_soon_threadsafe(self._line.hang_up)

    def stop(self) -> None:
        """Stop the line with all its connections."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()


@contextlib.contextmanager
def slow_line(port_behind: int) -> Iterator[SlowLine]:
    """Forward to `port_behind` through a slow line; stop it after the block."""
    line = SlowLine(port_behind)
    try:
        yield line
    finally:
        line.stop()
