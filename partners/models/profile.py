from datetime import date

from django.db import models

from accounts.audit import audited
from partners.querysets import EmergencyContactQuerySet, NeedQuerySet, PauseQuerySet
from workflow.facts import filled, in_order, known, once_at_a_time


class NeedKind(models.TextChoices):
    """What a need is about."""

    FORMAT = "format", "How information reaches me"
    COMMUNICATION = "communication", "Hearing, speaking and being understood"
    GETTING_IN = "getting_in", "Getting there and getting in"
    SITTING = "sitting", "Sitting, moving and resting"
    ENERGY = "energy", "Energy, pain and concentration"
    FOOD = "food", "Food and medicine"
    COMPANY = "company", "Somebody with me"
    OTHER = "other", "Something else"


@audited(without=["text", "to_do"])
class Need(models.Model):
    """One access or communication need, as the Accessible Information Standard has them.

    DAPB1605 Amd 30/2025: identify, record, flag, share, meet and review. What the partner says of
    it stays with the partner and the coordinators; `to_do`, what an organiser has to do, goes
    further only when the partner agreed to that (`shared`).
    """

    Kind = NeedKind

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField("what it is about", max_length=15, choices=Kind)
    text = models.TextField("in your own words", max_length=2000)
    to_do = models.TextField("what the organiser should do", max_length=500, blank=True)
    shared = models.BooleanField("organisers may know what to do", default=False)
    review_on = models.DateField("to be looked at again on", null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = NeedQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "pk")
        indexes = (models.Index(fields=("review_on",), name="need_to_review"),)
        constraints = (
            filled("text", name="need_has_text", words="Say what you need in your own words."),
            known("kind", NeedKind.values, name="need_kind_known"),
            models.CheckConstraint(
                condition=models.Q(shared=False) | ~models.Q(to_do=""),
                name="need_shared_has_to_do",
                violation_error_message="Say what the organiser should do; that is passed on.",
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    def is_due(self, today: date) -> bool:
        """The day has come to ask whether it is still right."""
        return self.review_on is not None and self.review_on <= today


@audited()
class Pause(models.Model):
    """Days on which a partner takes no work. No reason is asked and none is kept."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField("from")
    ends_on = models.DateField("to", null=True, blank=True)
    added_at = models.DateTimeField()

    objects = PauseQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "pk")
        constraints = (
            in_order(
                "starts_on",
                "ends_on",
                name="pause_ends_after_start",
                words="A pause ends on the day it begins or later.",
            ),
            once_at_a_time(
                "partner",
                first="starts_on",
                last="ends_on",
                name="pause_once_at_a_time",
                words="You have already said that you are away on some of these days.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on or 'later'}"


@audited()
class EmergencyContact(models.Model):
    """Whom to ring if something happens to a partner at work."""

    partner = models.OneToOneField(
        "partners.Partner", on_delete=models.CASCADE, related_name="emergency_contact"
    )
    name = models.CharField(max_length=150)
    relation = models.CharField("who they are to you", max_length=60, blank=True)
    phone = models.CharField("telephone number", max_length=30)

    objects = EmergencyContactQuerySet.as_manager()

    class Meta:
        constraints = (
            filled("name", name="emergency_has_name", words="Enter their name."),
            filled("phone", name="emergency_has_phone", words="Enter their telephone number."),
        )

    def __str__(self) -> str:
        return self.name
