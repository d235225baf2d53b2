"""One side of a gate, run by path in a revision's environment; the standard library alone."""
