"""A register again, and a large one: nothing changes twice, and few questions are asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Programme
from accounts.tests.factories import ProgrammeFactory
from partners.models import Expertise, Partner
from partners.tests.workbooks import HEAD, Rows, bring_in, xlsx

pytestmark = pytest.mark.django_db

_pool = st.sampled_from
_some_rows = st.lists(
    st.tuples(
        _pool(["Ann Lee", "ANN LEE", "Bob Cole", "Ann Cole", ""]),
        _pool(["", "n/a", "a@example.org", "A@example.org", "b@example.org"]),
        _pool(["", "07700 900101", "+447700900101", "07700 900102"]),
        _pool(["", "12/03/2018", "2018-03-12", "13/03/2018", "soon"]),
        _pool(["", "Pain", "pain", "Caring"]),
    ),
    max_size=7,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=_some_rows)
def test_whatever_the_rows_twice_changes_nothing(rows: Rows) -> None:
    programme = ProgrammeFactory()  # what an earlier example brought in stays where it was
    lines = [HEAD, ["Cy Dee", "cy@example.org", "", "", ""], *rows]
    data = "\n".join(",".join(map(str, line)) for line in lines).encode()

    first = bring_in(programme, data, "p.csv")
    second = bring_in(programme, data, "p.csv")

    assert (second.created, second.updated) == (0, 0)
    assert second.unchanged == first.created
    assert (second.refused, second.ignored) == (first.refused, first.ignored)
    filled = [row for row in lines[1:] if any(row)]
    assert first.created + first.refused + first.ignored == len(filled)


def test_import_again_leaves_to_the_partner_who_may_see_their_words(programme: Programme) -> None:
    sheet = b"Name,E-mail,Jewels of wisdom\nAnn Lee,a@example.org,Pain"
    bring_in(programme, sheet, "p.csv")
    Expertise.objects.update(visibility="only_me")

    again = bring_in(programme, sheet, "p.csv")

    assert (again.updated, again.unchanged) == (0, 1)
    assert Expertise.objects.get().visibility == "only_me"


def test_import_writes_of_each_partner_only_what_their_row_changes(programme: Programme) -> None:
    bring_in(
        programme, b"Name,E-mail,Phone\nAnn Lee,a@example.org,\nBo Ray,b@example.org,", "p.csv"
    )
    sheet = b"Name,E-mail,Phone,Known as\nAnn Lee,a@example.org,07700 900111,\n"

    with CaptureQueriesContext(connection) as asked:
        bring_in(programme, sheet + b"Bo Ray,b@example.org,,Bobby", "p.csv")

    writes = [q["sql"] for q in asked if q["sql"].startswith('UPDATE "partners_partner"')]
    assert [("phone" in sql, "known_as" in sql) for sql in sorted(writes)] == [
        (False, True),
        (True, False),
    ]


def test_many_rows_ask_the_database_little(programme: Programme) -> None:
    head = [*HEAD, "MDT(s)", "Payment?"]
    rows = [
        [f"Ann Lee{i}", f"a{i}@example.org", "", "12/03/2018", f"Pain {i}", "Hips; Knees", "Yes"]
        for i in range(900)
    ]
    data = xlsx(("S", [head, *rows]))

    with CaptureQueriesContext(connection) as first:
        bring_in(programme, data)
    with CaptureQueriesContext(connection) as again:
        outcome = bring_in(programme, data)

    assert Partner.objects.count() == outcome.unchanged == 900
    assert len(first) < 100
    assert len(again) < 40
