"""Reports: what a Run says, on a terminal and as a page."""
