"""make bench: what pages cost at two sizes beside floors, papers, and assignments at size."""
