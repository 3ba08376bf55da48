"""Nothing personal before the purpose was read out in reviewed words; three other answers, one press each."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from onward.apps.people.models import Explanation, Party, WordingReview
from tests.conftest import World


def test_p01_a_yes_is_kept_with_wording_language_and_interpreter_and_opens_the_interview(
    browser: Client, make_party: Callable[..., Any]
) -> None:
    party = make_party(explained=False)
    answer = browser.post(f"/case/{party.pk}/explain/", {"language": "es", "interpreter": "phone"})
    assert answer["Location"] == f"/case/{party.pk}/interview/"
    kept = Explanation.objects.get(party=party)
    assert (kept.language, kept.interpreter) == ("es", "phone")
    party.refresh_from_db()
    assert party.state == Party.State.IN_INTERVIEW


def test_p01_no_screen_of_the_interview_opens_before_it(browser: Client, make_party: Callable[..., Any]) -> None:
    party = make_party(explained=False)
    for step in ("", "person-1/", "wishes/", "safety/"):
        answer = browser.get(f"/case/{party.pk}/interview/{step}")
        assert answer["Location"] == f"/case/{party.pk}/explain/"


def test_the_page_stands_in_their_language_beside_the_workers(browser: Client, make_party: Callable[..., Any]) -> None:
    page = browser.get(f"/case/{make_party(explained=False).pk}/explain/").content.decode()
    assert 'lang="es" dir="ltr"' in page and "Antes de empezar" in page and "Before we begin" in page
    assert "Saying no does not change your bed." in page and "Signed for this centre by The director" in page


def test_p01_an_unreviewed_wording_is_not_shown_and_the_reviewed_are_offered(
    browser: Client, make_party: Callable[..., Any]
) -> None:
    WordingReview.objects.filter(language="es").delete()
    party = make_party(language="es", explained=False)
    page = browser.get(f"/case/{party.pk}/explain/").content.decode()
    assert "No reviewed wording in Spanish" in page and "Antes de empezar" not in page
    assert 'href="?in=ar"' in page and "said yes" not in page
    through = browser.get(f"/case/{party.pk}/explain/?in=ar").content.decode()
    assert 'lang="ar" dir="rtl"' in through and 'value="not_needed"' not in through


def test_p01_an_unreviewed_language_sent_all_the_same_is_refused(
    browser: Client, make_party: Callable[..., Any]
) -> None:
    party = make_party(language="fr", explained=False)
    answer = browser.post(f"/case/{party.pk}/explain/", {"language": "fr", "interpreter": "not_needed"})
    assert answer.status_code == 422
    assert "Nobody has reviewed this wording" in answer.content.decode()
    assert not Explanation.objects.filter(party=party).exists()


def test_who_interpreted_is_asked_for_beside_its_field(browser: Client, make_party: Callable[..., Any]) -> None:
    answer = browser.post(f"/case/{make_party(explained=False).pk}/explain/", {"language": "es"})
    assert answer.status_code == 422 and "Choose who interpreted." in answer.content.decode()


def test_the_yes_sent_twice_is_kept_once(browser: Client, make_party: Callable[..., Any]) -> None:
    party = make_party(explained=False)
    for _ in range(2):
        browser.post(f"/case/{party.pk}/explain/", {"language": "es", "interpreter": "staff"})
    assert Explanation.objects.filter(party=party).count() == 1


def test_p02_stay_later_and_no_are_one_press_from_here(browser: Client, make_party: Callable[..., Any]) -> None:
    ends = {"stay": Party.State.STAYS, "later": Party.State.DECIDES_LATER, "decline": Party.State.DECLINED}
    for kind, state in ends.items():
        party = make_party(explained=False)
        page = browser.get(f"/case/{party.pk}/explain/").content.decode()
        assert f'name="kind" value="{kind}"' in page
        browser.post(f"/case/{party.pk}/decide/", {"kind": kind})
        party.refresh_from_db()
        assert party.state == state


def test_p02_no_bed_decision_stands_on_the_page(browser: Client, make_party: Callable[..., Any]) -> None:
    assert "bed_tonight" not in browser.get(f"/case/{make_party(explained=False).pk}/explain/").content.decode()


def test_another_centres_case_does_not_exist_here(make_party: Callable[..., Any], desk: World) -> None:
    from tests.faces.desk.conftest import sign_in

    party = make_party(explained=False)
    denver = sign_in(place="denver")
    for page in ("", "explain/", "interview/", "park/", "interview/wishes/"):
        assert denver.get(f"/case/{party.pk}/{page}").status_code == 404
    assert denver.post(f"/case/{party.pk}/resume/").status_code == 404


def test_an_auditor_opens_no_case(make_party: Callable[..., Any]) -> None:
    from tests.faces.desk.conftest import sign_in

    party, auditor = make_party(people=1), sign_in("auditor")
    for page in ("/arrive/", "/find/", f"/case/{party.pk}/", f"/case/{party.pk}/interview/person-1/"):
        assert auditor.get(page).status_code == 403
    assert auditor.get("/").status_code == 200
