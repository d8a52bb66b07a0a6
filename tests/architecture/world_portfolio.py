"""What the portfolio is about: a story shared with coordinators, evidence, thanks and a PDF."""

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Message
from partners.models import Contribution
from partners.services import portfolio, portfolio_pdf, thanks
from partners.services.uploads import checked

if TYPE_CHECKING:
    from tests.architecture.world import World

KINDS = {
    "partners:share_entry": "contribution",
    "partners:add_link": "contribution",
    "partners:add_file": "contribution",
    "partners:ask_for_thanks": "contribution",
    "partners:remove_evidence": "evidence",
    "partners:evidence_file": "evidence",
    "partners:shared_entry": "portfolio entry",
    "partners:show_thanks": "thanks",
    "partners:give_thanks": "thanks link",
    "partners:portfolio_pdf": "portfolio pdf",
    "partners:portfolio_pdf_progress": "portfolio pdf",
    "partners:portfolio_pdf_file": "portfolio pdf",
}
PDF = b"%PDF-1.7\n%%EOF\n"


def add_portfolio(world: "World", work: Contribution, whose: str) -> None:
    by = work.partner.user
    portfolio.tell(
        contribution=work,
        role="On the panel",
        brought="What waiting is like",
        changed="The letters",
        reflection="It was worth it",
        by=by,
        now=world.now,
    )
    evidence = portfolio.add_file(
        contribution=work,
        title="Leaflet",
        checked=checked(SimpleUploadedFile("leaflet.pdf", PDF)),
        by=by,
        now=world.now,
    )
    entry = portfolio.share(contribution=work, visibility="coordinators", by=by, now=world.now)
    world.keep("evidence", whose, evidence)
    world.keep("portfolio entry", whose, entry)
    for kind in ("thanks", "thanks link"):
        asked = thanks.ask_for_thanks(
            contribution=work,
            name="Dr Ann Lee",
            email=f"{kind.replace(' ', '.')}@example.org",
            by=by,
            now=world.now,
        )
        link = Message.objects.get(key=f"{thanks.KIND}:{asked.pk}").link
        token = link.rstrip("/").rsplit("/", 1)[-1]
        if kind == "thanks":
            asked = thanks.give_thanks(token=token, words="Thank you", now=world.now)
        world.keep(kind, whose, asked, token=token)
    job = portfolio_pdf.ask_for_pdf(
        partner=work.partner, chosen=[work.pk], with_reflections=False, by=by, now=world.now
    )
    portfolio_pdf.make_pdf(pk=job.pk, now=world.now)
    world.keep("portfolio pdf", whose, job)
