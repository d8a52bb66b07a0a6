from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper

from accounts.audit import audited
from partners.querysets import ExpertiseQuerySet, PartnerQuerySet


@audited(without=["access_needs"])
class Partner(models.Model):
    """A person in the programme. May predate or outlive a sign-in; may have no e-mail."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        ON_BREAK = "on_break", "On a break"
        LEFT = "left", "Left"

    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="partners"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="partners",
        verbose_name="sign-in",
    )
    name = models.CharField(max_length=150)
    known_as = models.CharField(max_length=60, blank=True, help_text="What they like to be called")
    # Lower case without accents, surname first: code-point order of it is the order people expect.
    sort_key = models.CharField(max_length=160, editable=False)
    email = models.EmailField("e-mail address", null=True, blank=True)  # noqa: DJ001 (unique)
    phone = models.CharField(max_length=30, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    access_needs = models.TextField("access and communication needs", max_length=2000, blank=True)
    dbs_expires_on = models.DateField("DBS check to be renewed by", null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "pk")
        indexes = (
            models.Index(fields=("programme", "sort_key", "id"), name="partner_register"),
            # Any part of a name or an address, as the register is searched.
            GinIndex(
                OpClass(F("sort_key"), name="gin_trgm_ops"),
                OpClass(F("email"), name="gin_trgm_ops"),
                OpClass(Upper("known_as"), name="gin_trgm_ops"),
                name="partner_search",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                F("programme"),
                Lower("email"),
                name="partner_email_once",
                violation_error_message="A partner of this programme already has this e-mail.",
            ),
            models.UniqueConstraint(
                fields=("programme", "user"),
                name="partner_user_once",
                violation_error_message="This sign-in already belongs to a partner.",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="partner_has_name",
                violation_error_message="Enter the partner's name.",
            ),
            models.CheckConstraint(
                condition=Q(email__isnull=True) | ~Q(email=""),
                name="partner_email_empty_is_null",
                violation_error_message="Leave the e-mail address out altogether.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What to call them: the name they like, else their first name."""
        return self.known_as or self.name.split()[0]


@audited(without=["text"])
class Expertise(models.Model):
    """What a partner brings, in the partner's own words, shared item by item."""

    class Kind(models.TextChoices):
        FROZEN_ASSET = "frozen_asset", "From life before illness"
        JEWEL = "jewel", "From being a patient or carer"

    class Visibility(models.TextChoices):
        ONLY_ME = "only_me", "Only me"
        COORDINATORS = "coordinators", "Coordinators"
        STAFF = "staff", "Staff of the programme"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="expertise")
    kind = models.CharField(max_length=15, choices=Kind)
    text = models.TextField(max_length=2000)
    visibility = models.CharField(max_length=15, choices=Visibility, default=Visibility.ONLY_ME)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ExpertiseQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "pk")
        verbose_name_plural = "expertise"
        constraints = (
            models.CheckConstraint(
                condition=~Q(text=""),
                name="expertise_has_text",
                violation_error_message="Write a few words.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()
