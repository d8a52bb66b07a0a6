"""make bench: what every page costs at two sizes beside two floors, and what papers cost."""
