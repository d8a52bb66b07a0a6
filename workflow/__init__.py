"""How rows change state: legal moves, a lock, a history row; and rows only services write."""
