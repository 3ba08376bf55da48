"""P10 on a running installation: what is written with the ticket is a letter within seconds, by itself."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from urllib.request import urlopen

from tests.site.house import House, wait_until

TELL = """
from datetime import UTC, datetime
from onward.apps.accounts.actions import open_centre
from onward.apps.accounts.models import Centre
from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.actions import tell_coming
from onward.core.actor import Actor, ActorKind
from tests.apps.notices.world import make_place, make_set
now = datetime.now(UTC)
centre = Centre(key="NEW", name="New York", place_key="new-york", zone="America/New_York", currency="USD", phone="1")
open_centre(centre, actor=Actor(ActorKind.OPERATOR, "tests"), now=now)
tickets = make_set(centre, make_place(), arrive_at=now)
with centre_scope(centre.pk):
    print(tell_coming(tickets, actor=Actor(ActorKind.STAFF, "1", centre.pk), now=now).reference)
"""
SEEN = """
from onward.apps.notices.models import Delivery
one = Delivery.objects.select_related("notice").get()
print(one.notice.issued_at.isoformat(), one.delivered_at and one.delivered_at.isoformat())
"""


def test_a_letter_leaves_by_itself_and_its_link_opens(house: House) -> None:
    with house.served():
        reference = house.ask(TELL)
        path = house.home / "outbox" / f"{reference}.eml"
        wait_until(path.exists, "the letter is there")
        wait_until(lambda: "None" not in house.ask(SEEN), "the delivery is settled")
        told, delivered = (datetime.fromisoformat(text) for text in house.ask(SEEN).split())
        assert timedelta() <= delivered - told < timedelta(minutes=5)
        body = message_from_bytes(path.read_bytes(), policy=default).get_content()
        (link,) = [line.strip() for line in body.splitlines() if line.startswith("http")]
        with urlopen(link, timeout=10) as page:  # noqa: S310  (our own address)
            assert "4 people are coming" in page.read().decode()
