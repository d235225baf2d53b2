"""What the five functions of the boundary give, in Python."""
