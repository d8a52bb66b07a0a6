"""What the admin's home says, for tests."""

from django.contrib import admin

from accounts.admin_site import WorkItem
from accounts.models import User


def told(user: User, title: str) -> WorkItem:
    """The one thing of `title` that the admin's home shows `user`."""
    asked = User.objects.get(pk=user.pk)  # with the roles held now
    [item] = [item for item in admin.site.worklist(asked) if item.title == title]
    return item
