"""A camera's frames through the filters, and into a detector: what reaches the end, and when."""
