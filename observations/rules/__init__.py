"""What somebody may do with the rows of this app: predicates without HTTP, area by area."""
