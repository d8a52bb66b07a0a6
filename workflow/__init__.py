"""How rows change state: a table of legal moves, a lock, a history row; and rows only a service may write."""
