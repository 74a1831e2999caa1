"""Run a mail server in a thread, with the replies that a test chooses."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message


@dataclass
class MailServer:
    """The mails it accepted, and its replies by command, in place of 250.

    It breaks the connection at a text that contains the words `breaks_at`, if there are any.
    """

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    breaks_at: bytes = b""
    connections: int = 0
    taken: list[Message] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Speak as much SMTP as a client needs to deliver a mail."""
        self._server.connections += 1
        self._say("220 here")
        for line in self.rfile:
            command = line.decode().split(":")[0].split()[0].upper()
            if command == "DATA":
                self._say("354 go on")
                if not self._take():
                    return
                self._reply("TEXT")
            elif command == "QUIT":
                return  # without a reply
            else:
                self._reply(command)

    @property
    def _server(self) -> MailServer:
        return self.server.state  # type: ignore[attr-defined, no-any-return]

    def _take(self) -> bool:
        """Take the text of a mail; return False to break the connection."""
        lines: list[bytes] = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        breaks_at = self._server.breaks_at
        if breaks_at and breaks_at in b"".join(lines):
            return False
        if "TEXT" not in self._server.replies:
            self._server.taken.append(message_from_bytes(b"".join(lines)))
            self._server.arrived.set()
        return True

    def _reply(self, command: str) -> None:
        self._say(self._server.replies.get(command, "250 fine"))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def mail_server(**replies: str) -> Iterator[MailServer]:
    """Run a server until the block ends; `RCPT="550 nobody"` sets its reply to a command."""
    state = MailServer(replies=replies)
    with _Threads(("127.0.0.1", 0), _Conversation) as server:
        server.state = state  # type: ignore[attr-defined]
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
