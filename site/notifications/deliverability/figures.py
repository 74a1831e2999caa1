"""What became of the mails of the last days, as figures, and whether they are too bad to go on."""

from dataclasses import dataclass

from core import limits

# Calendar days (UTC) that the figures count, the present one included.
DAYS = 7


@dataclass(frozen=True)
class Figures:
    """How many mails were sent, and of how many addresses they bounced or brought a complaint."""

    sent: int
    bounces: int
    complaints: int

    @property
    def events(self) -> int:
        """Bounces and complaints together."""
        return self.bounces + self.complaints

    @property
    def bounce_rate(self) -> float:
        """Bounces in percent of the mails sent."""
        return 100 * self.bounces / self.sent if self.sent else 0.0

    @property
    def complaint_rate(self) -> float:
        """Complaints in percent of the mails sent."""
        return 100 * self.complaints / self.sent if self.sent else 0.0

    @property
    def is_enough(self) -> bool:
        """Whether there are enough mails and events for rates to mean anything."""
        return self.sent >= limits.PAUSE_MAILS and self.events >= limits.PAUSE_EVENTS

    @property
    def has_many_complaints(self) -> bool:
        """Whether complaints pass their limit."""
        return self.is_enough and 1000 * self.complaints > limits.PAUSE_COMPLAINTS * self.sent

    @property
    def has_many_bounces(self) -> bool:
        """Whether hard bounces pass their limit."""
        return self.is_enough and 1000 * self.bounces > limits.PAUSE_BOUNCES * self.sent
