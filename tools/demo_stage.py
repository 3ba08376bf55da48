"""What the demonstration's stories share, and a story with its desk and its own dice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from onward.apps.notices.outbox import Carrier
from tools.demo_setting import Desk
from tools.demo_stories import Story


@dataclass(slots=True)
class Stage:
    """What every story shares. now: the moment of the act at hand. anchor: the moment the demonstration is seen at."""

    desks: Mapping[str, Desk]
    names: Mapping[str, Any]
    carrier: Carrier
    anchor: datetime
    now: datetime


@dataclass(slots=True)
class Walker:
    """A story with its desk and its own dice."""

    story: Story
    desk: Desk
    stage: Stage
    draw: Random
    party_id: int = 0

    @property
    def by(self) -> Any:
        """actor and now of the case worker's act at hand, to be spread into a call."""
        return {"actor": self.desk.actors["worker"], "now": self.stage.now}

    def later(self, minutes: int) -> datetime:
        """A moment about so many minutes on."""
        return self.stage.now + timedelta(minutes=minutes + self.draw.randint(0, max(1, minutes // 3)))

    @property
    def today(self) -> date:
        """The desk's day at the anchor, which the days of a story count from."""
        return self.stage.anchor.astimezone(ZoneInfo(self.desk.centre.zone)).date()
