"""Who acts: every act takes an Actor, and no act guesses one."""

from dataclasses import dataclass, field
from enum import StrEnum

from onward.core.errors import NotAllowed, message


class Role(StrEnum):
    """What a person may do at one centre or place."""

    CASE_WORKER = "case_worker"
    COORDINATOR = "coordinator"
    PROTECTION_LEAD = "protection_lead"
    AUDITOR = "auditor"
    RECEIVING_OFFICER = "receiving_officer"


class ActorKind(StrEnum):
    """Whose hand it was, as the record keeps it."""

    STAFF = "staff"
    RECEIVER = "receiver"
    JOB = "job"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. id: the staff account's, or the notice link's, or the job's name, as text.

    centre_id: the centre acted for (None for receivers, jobs over all centres, and operators).
    """

    kind: ActorKind
    id: str
    centre_id: int | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)

    def require(self, *allowed: Role) -> None:
        """Raise NotAllowed unless this actor holds one of the roles."""
        if not self.roles.intersection(allowed):
            raise NotAllowed(
                "actor.role_missing",
                message("This is not yours to do."),
                remedy=message("Ask a colleague who may, or your coordinator."),
            )

    def require_centre(self, centre_id: int) -> None:
        """Raise NotAllowed unless this actor acts for that centre."""
        if self.centre_id != centre_id:
            raise NotAllowed(
                "actor.other_centre",
                message("This belongs to another centre."),
                remedy=message("Sign in for that centre, or ask it to share the case."),
            )


def job(name: str) -> Actor:
    """The actor for work nobody pressed a button for."""
    return Actor(ActorKind.JOB, name)
