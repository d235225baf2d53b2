"""`python -m asrbench` is the command line."""

from asrbench.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
