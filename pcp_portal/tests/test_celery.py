"""What the clock ticks."""

from pcp_portal.celery import app


def test_the_clock_ticks_tasks_that_are_there() -> None:
    app.loader.import_default_modules()
    ticked = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert ticked <= set(app.tasks)
    assert {"accounts.tasks.clear_expired", "partners.tasks.drop_abandoned_imports"} <= ticked
