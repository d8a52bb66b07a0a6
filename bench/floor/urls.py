"""One bare view, and stock admin."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest, size: int) -> HttpResponse:
    """One statement, and as many bytes as asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse(b"x" * size)


urlpatterns = [
    path("bare/<int:size>", bare, name="bare"),
    path("admin/", admin.site.urls),
]
