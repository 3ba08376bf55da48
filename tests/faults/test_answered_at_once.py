"""A place opens and answers, the desk voids or changes, the job delivers, all at the same moment: nobody waits for
another for ever, and one story remains."""

from pathlib import Path

from onward.apps.cases.models import Consent
from onward.apps.notices.models import Answer, Notice
from onward.apps.notices.queries import find_notice
from onward.apps.record.queries import list_broken_chains
from tests.apps.travel.ready import say
from tests.faults.conftest import Desk
from tests.faults.process import Call, Stage

ROUNDS = 8


def test_answering_voiding_changing_and_delivering_at_once_end_in_one_story(
    desk: Desk, stage: Stage, tmp_path: Path
) -> None:
    for turn in range(ROUNDS):
        family, fund = desk.ready(), desk.fund()
        ticket_set_id = stage.run(desk.call("hold", offer_id=family.offer.pk, fund_id=fund.pk)).value
        say(family.party, Consent.Step.PURCHASE, is_yes=True, worker=desk.world.worker)
        stage.run(desk.call("purchase", ticket_set_id=ticket_set_id))
        assert stage.run(desk.call("issue", ticket_set_id=ticket_set_id)).value == "issued"
        notice = find_notice(ticket_set_id)
        assert notice is not None
        ends = (
            desk.call("void", ticket_set_id=ticket_set_id)
            if turn % 2
            else desk.call("change", ticket_set_id=ticket_set_id, offer_id=family.elsewhere.pk)
        )
        link = {"notice_id": notice.pk, "reference": notice.reference, "place_key": notice.place_id}
        outcomes = stage.run_at_once(
            ends, desk.call("answer", **link), Call("deliver", {"folder": str(tmp_path)}), desk.call("answer", **link)
        )
        assert {outcome.error for outcome in outcomes} <= {"", "notice.replaced"}, outcomes
        kinds = list(Notice.objects.filter(ticket_set=ticket_set_id).order_by("serial").values_list("kind", flat=True))
        assert kinds == ["coming", "cancelled"]
        assert Answer.objects.filter(notice=notice).count() <= 1
    assert list_broken_chains() == []
