"""Load: requests that arrive by MLPerf's rules, and what becomes of them."""
