"""What is right, in NumPy, written for reading."""
