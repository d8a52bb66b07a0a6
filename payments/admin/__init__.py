"""What coordinators and finance do with money."""

from payments.admin import claims, rates, runs

__all__ = ["claims", "rates", "runs"]
