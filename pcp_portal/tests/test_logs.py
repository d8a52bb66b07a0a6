"""No secret, search, address or row content in a log line."""

import io
import logging

import pytest
import structlog
from django.conf import settings

from pcp_portal.logs import without_secrets


@pytest.fixture
def lines():
    stream = io.StringIO()
    formatter = settings.LOGGING["formatters"]["plain"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.getLogger("pcp_portal.tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, stream
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET /account/invitation/Zk3-0aQ_fE9sT7uWx2Lm/", "GET /account/invitation/[left out]/"),
        ("GET /admin/partners/partner/?q=okafor", "GET /admin/partners/partner/"),
        ("POST /money/claims/12/", "POST /money/claims/12/"),
    ],
)
def test_request_line_keeps_the_route_and_drops_the_secret(said, kept):
    assert without_secrets(None, "info", {"request": said}) == {"request": kept}


def test_refused_write_is_logged_without_the_row(lines):
    logger, stream = lines
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (email)=(mo.okafor@example.org) already exists."
        )
    except ValueError:
        logger.exception("write refused for mo.okafor@example.org")

    line = stream.getvalue()
    assert "duplicate key" in line
    assert "okafor" not in line
