"""What a programme decides about observing: how many are enough, and who may rate."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.audit import audited
from observations.querysets import ObservationSettingsQuerySet


@audited()
class ObservationSettings(models.Model):
    """A programme's numbers. Whoever changes the programme's tallies holds this row's lock."""

    programme = models.OneToOneField(
        "accounts.Programme", on_delete=models.PROTECT, related_name="observation_settings"
    )
    # A clinician's own summary (GMC asks for reflection, not for a number; fewer than five
    # consultations say little of one person: Elwyn et al. 2005).
    least_consultations = models.PositiveSmallIntegerField("consultations", default=5)
    least_observers = models.PositiveSmallIntegerField("observers", default=2)
    least_partners = models.PositiveSmallIntegerField("partners among them", default=1)
    # Figures of a group, for anybody but the clinician and the observers.
    least_clinicians = models.PositiveSmallIntegerField("clinicians in a group", default=5)
    least_in_group = models.PositiveSmallIntegerField("consultations in a group", default=8)
    # Calibration.
    recordings = models.PositiveSmallIntegerField("practice recordings", default=3)
    furthest_mark = models.DecimalField(
        "mean distance from consensus, in marks", max_digits=3, decimal_places=2, default="0.50"
    )
    furthest_total = models.DecimalField(
        "bias on the total, of 100", max_digits=4, decimal_places=1, default="10.0"
    )
    calibrated_months = models.PositiveSmallIntegerField("months a calibration lasts", default=12)
    must_be_calibrated = models.BooleanField("only calibrated people observe", default=False)
    # What a partner's calibration counts as, among what has to be in place.
    requirement = models.ForeignKey(
        "partners.Requirement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="requirement that it meets",
    )
    minutes = models.PositiveSmallIntegerField("minutes a consultation counts", default=30)

    objects = ObservationSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = "observation settings"
        verbose_name_plural = "observation settings"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    least_consultations__gte=1,
                    least_observers__gte=1,
                    least_clinicians__gte=3,
                    least_in_group__gte=3,
                    least_partners__lte=models.F("least_observers"),
                ),
                name="observation_settings_numbers_protect",
                violation_error_message="Groups have at least 3 clinicians and 3 consultations, "
                "and no more partners than observers.",
            ),
            models.CheckConstraint(
                condition=Q(furthest_mark__gt=Decimal(0), furthest_total__gt=Decimal(0)),
                name="observation_settings_distances_positive",
                violation_error_message="Enter a distance of more than 0.",
            ),
            models.CheckConstraint(
                condition=Q(
                    recordings__gte=1,
                    calibrated_months__gte=1,
                    minutes__gte=1,
                    minutes__lte=480,
                ),
                name="observation_settings_counts",
                violation_error_message="Enter at least 1, and at most 8 hours.",
            ),
        )

    def __str__(self) -> str:
        return f"Observing in {self.programme}"
