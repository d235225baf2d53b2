"""What is right, in NumPy, written for reading; integers give the bits that OpenCV gives."""
