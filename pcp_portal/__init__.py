"""Composition: settings, addresses, home pages, demo data. Everything else stands below."""

from pcp_portal.celery import app as celery_app

__all__ = ["celery_app"]
