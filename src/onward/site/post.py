"""How notices leave this installation: channels from the operator's settings, letters from the receiver's face."""

from functools import partial

from onward.apps.notices.channels import Console, Folder, Mail, parse_mail_server
from onward.apps.notices.outbox import Carrier
from onward.faces.receiver.letter import compose
from onward.site.environment import Environment
from onward.site.start import OUTBOX


def make_carrier(environment: Environment) -> Carrier:
    """The carrier of this installation. Raises BadInput for an ONWARD_MAIL that is no mail server's address."""
    server = parse_mail_server(environment.mail) if environment.mail else None
    return Carrier(
        channels={
            "console": Console(),
            "file": Folder(environment.home / OUTBOX, environment.mail_from),
            "smtp": Mail(server, environment.mail_from),
        },
        compose=partial(compose, base_url=environment.base_url),
    )
