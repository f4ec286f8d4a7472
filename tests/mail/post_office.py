"""A real SMTP server on loopback that fails on command."""

import asyncio
import socket
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """Down until it is opened: its port is taken, and nobody listens there. `answers` says what it tells whom.

    While `is_slow` it takes an email's words and says nothing.
    """

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.answers: dict[str, str] = {}
        self.is_slow = False
        self.emails: list[EmailMessage] = []
        self.controller: Controller | None = None

    def open(self) -> None:
        """Somebody listens from now on."""
        self.controller = _At(self.socket, self, self.port)
        self.controller.start()

    def close(self) -> None:
        """Nobody does."""
        if self.controller:
            self.controller.stop(no_assert=True)
        self.socket.close()

    @property
    def reached(self) -> list[str]:
        """Who got an email, in order."""
        return [str(email["To"]) for email in self.emails]

    async def handle_RCPT(  # noqa: N802, aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.is_slow:
            await asyncio.Event().wait()  # until the other end hangs up
        self.emails.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


class _At(Controller):
    """On a socket that is bound already."""

    def __init__(self, bound: socket.socket, *args: Any) -> None:
        self.bound = bound
        super().__init__(args[0], hostname="127.0.0.1", port=args[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.bound)
