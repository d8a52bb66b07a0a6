from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from accounts.audit import audited
from accounts.models.role import RoleGrant
from accounts.querysets import UserQuerySet


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; everyone signs in by e-mail."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The one spelling of an address that the database keeps: trimmed, lower case."""
        return (email or "").strip().lower()

    def create_user(self, email: str | None, password: str | None = None, **values: Any) -> User:
        user = self.model(email=self.normalize_email(email) or None, **values)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **values)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))


@audited(without=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who may sign in. The person in the programme is `partners.Partner`.

    A superuser looks after the installation (programmes, roles, sign-ins); being one opens no
    partner's page.
    """

    class TextSize(models.TextChoices):
        USUAL = "usual", "Usual"
        LARGE = "large", "Larger"
        LARGEST = "largest", "Largest"

    class Contrast(models.TextChoices):
        USUAL = "usual", "Usual"
        STRONG = "strong", "Stronger"

    class Letterforms(models.TextChoices):
        USUAL = "usual", "Arial"
        HYPERLEGIBLE = "hyperlegible", "Atkinson Hyperlegible"

    email = models.EmailField(
        "e-mail address",
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "Somebody already signs in with this e-mail address."},
    )
    name = models.CharField(max_length=150)
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)
    text_size = models.CharField(max_length=8, choices=TextSize, default=TextSize.USUAL)
    contrast = models.CharField(max_length=8, choices=Contrast, default=Contrast.USUAL)
    letterforms = models.CharField(max_length=12, choices=Letterforms, default=Letterforms.USUAL)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                condition=Q(email__isnull=True) | Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
            models.CheckConstraint(
                condition=~Q(email=""),
                name="user_email_empty_is_null",
                violation_error_message="Leave the e-mail address out altogether.",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True, left_at__isnull=True)
                | Q(is_active=False, left_at__isnull=False),
                name="user_left_has_date",
                violation_error_message="Somebody who left has a leaving date.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's word for "may open the admin"; `accounts.rules.may_open_admin` decides."""
        return any(grant.role in RoleGrant.ADMIN_ROLES for grant in self.grants) or (
            self.is_active and self.is_superuser
        )

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used: roles say what somebody may do. No query."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser

    @cached_property
    def grants(self) -> list[RoleGrant]:
        """The roles held today, read once a request. Nobody who left holds any."""
        if not self.is_active or self.pk is None:
            return []
        return list(RoleGrant.objects.current().filter(user=self).select_related("programme"))
