"""What happens when something is done, area by area."""
