from django.contrib import admin

from bench.floor.models import Person


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """Ten columns, fifty rows; all else as it comes."""

    list_display = (
        "id",
        "name",
        "known_as",
        "sort_key",
        "email",
        "phone",
        "joined_on",
        "status",
        "access_needs",
        "dbs_expires_on",
    )
    list_per_page = 50
    search_fields = ("name", "email")
