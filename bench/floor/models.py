from django.db import models


class Person(models.Model):
    """A plain row of ten columns, such as a register keeps."""

    name = models.CharField(max_length=150)
    known_as = models.CharField(max_length=60, blank=True)
    sort_key = models.CharField(max_length=160, db_index=True)
    email = models.EmailField()
    phone = models.CharField(max_length=30)
    joined_on = models.DateField()
    status = models.CharField(
        max_length=10, choices=[("active", "Active"), ("on_break", "On a break"), ("left", "Left")]
    )
    access_needs = models.TextField(blank=True)
    dbs_expires_on = models.DateField()

    class Meta:
        ordering = ("sort_key", "pk")

    def __str__(self) -> str:
        return self.name
