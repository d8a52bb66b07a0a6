"""Filters beside lists, area by area."""

from partners.filters.portfolio import PortfolioFilter

__all__ = ["PortfolioFilter"]
