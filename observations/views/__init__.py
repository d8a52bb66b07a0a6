"""Pages of this app, area by area."""
