"""What is done about proposals: answers, and advice of the group that checks and challenges."""

import pytest

from accounts.models import Programme, Role, User
from accounts.tests.factories import person
from partners.models import Proposal
from partners.services import codesign_group, codesign_proposals
from partners.services.codesign import CodesignError
from partners.tests.codesign_factories import DAY, TODAY, proposals_in, round_of
from partners.tests.factories import NOW, signed_up_partner

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("link", ["", "/portfolio/", "https://example.org/work?a=1"])
def test_an_answer_may_link_to_the_work(programme: Programme, coordinator: User, link: str) -> None:
    [proposal] = proposals_in(round_of(programme, by=coordinator), "Waits", by=coordinator)

    codesign_proposals.answer_proposal(
        proposal=proposal, answer="A new clinic opens", link=link, by=coordinator, now=NOW
    )

    proposal.refresh_from_db()
    assert (proposal.answer, proposal.answer_link) == ("A new clinic opens", link)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://example.org",
        "//example.org/",
        "/\\example.org",
        "/no-such-page/",
        "/admin/",
        "https://",
        "https://[",
        "example.org",
    ],
)
def test_other_links_are_refused(programme: Programme, coordinator: User, link: str) -> None:
    [proposal] = proposals_in(round_of(programme, by=coordinator), "Waits", by=coordinator)

    with pytest.raises(CodesignError) as refused:
        codesign_proposals.answer_proposal(
            proposal=proposal, answer="Yes", link=link, by=coordinator, now=NOW
        )

    assert refused.value.field == "answer_link"


def test_the_group_advises_on_what_others_propose(programme: Programme, coordinator: User) -> None:
    member, other = (signed_up_partner(programme).user for _ in range(2))
    codesign_group.name_challenger(
        programme=programme, person=member, starts_on=TODAY, by=coordinator, now=NOW
    )
    asked = round_of(programme, by=coordinator)
    [mine] = proposals_in(asked, "Parking", by=member)
    [theirs] = proposals_in(asked, "Waits", by=other)
    words = {"text": "Ask the porters first", "now": NOW}

    for proposal, by in ((mine, member), (theirs, other), (theirs, coordinator)):
        with pytest.raises(CodesignError):
            codesign_group.advise(proposal=proposal, by=by, **words)
    advice = codesign_group.advise(proposal=theirs, by=member, **words)
    with pytest.raises(CodesignError):
        codesign_group.decide(advice=advice, decision="taken", reason=" ", by=coordinator, now=NOW)
    codesign_group.decide(
        advice=advice, decision="partly", reason="One ward first", by=coordinator, now=NOW
    )

    advice.refresh_from_db()
    assert (advice.decision, advice.reason, advice.decided_by) == (
        "partly",
        "One ward first",
        coordinator,
    )
    with pytest.raises(CodesignError, match="decided already"):
        codesign_group.decide(advice=advice, decision="taken", reason="x", by=coordinator, now=NOW)


def test_nobody_decides_on_their_own_advice(programme: Programme, coordinator: User) -> None:
    codesign_group.name_challenger(
        programme=programme, person=coordinator, starts_on=TODAY, by=coordinator, now=NOW
    )
    staff = person(Role.STAFF, programme)
    [proposal] = proposals_in(round_of(programme, by=coordinator), "Waits", by=staff)
    advice = codesign_group.advise(proposal=proposal, text="Yes", by=coordinator, now=NOW)

    with pytest.raises(CodesignError, match="Another coordinator"):
        codesign_group.decide(
            advice=advice, decision="taken", reason="Good", by=coordinator, now=NOW
        )


def test_places_in_the_group_begin_once_and_end(programme: Programme, coordinator: User) -> None:
    member = person(Role.STAFF, programme)
    named = {"programme": programme, "by": coordinator, "now": NOW}
    with pytest.raises(CodesignError, match="takes part"):
        codesign_group.name_challenger(
            person=person(Role.FINANCE, programme), starts_on=TODAY, **named
        )
    place = codesign_group.name_challenger(person=member, starts_on=TODAY - DAY, **named)
    with pytest.raises(CodesignError, match="already"):
        codesign_group.name_challenger(person=member, starts_on=TODAY, **named)

    codesign_group.end_challenger(challenger=place, ends_on=TODAY - DAY, by=coordinator, now=NOW)

    [proposal] = proposals_in(round_of(programme, by=coordinator), "Waits", by=coordinator)
    with pytest.raises(CodesignError):
        codesign_group.advise(proposal=proposal, text="Yes", by=member, now=NOW)
    assert Proposal.objects.get().advice.count() == 0
