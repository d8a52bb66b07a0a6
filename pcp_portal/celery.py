"""The Celery application. Beat only ticks: what is due is decided from PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp_portal.settings.dev")

app = Celery("pcp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # `expires` keeps ticks from piling up while the worker is away.
    "deliver": {
        "task": "reminders.tasks.deliver",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "reconcile": {
        "task": "reminders.tasks.reconcile",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "reports": {
        "task": "payments.tasks.build_waiting_reports",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "make_waiting": {
        "task": "partners.tasks.make_waiting",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "make_waiting_papers": {
        "task": "observations.tasks.make_waiting_papers",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "clear_expired": {
        "task": "accounts.tasks.clear_expired",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "drop_abandoned_imports": {
        "task": "partners.tasks.drop_abandoned_imports",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "drop_old_copies": {
        "task": "partners.tasks.drop_old_copies",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "keep_no_longer": {
        "task": "partners.tasks.keep_no_longer",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "close_due_rounds": {
        "task": "partners.tasks.close_due_rounds",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "lapse_offers": {
        "task": "assignments.tasks.lapse_offers",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "clear_registrations": {
        "task": "assignments.tasks.clear_registrations",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}
