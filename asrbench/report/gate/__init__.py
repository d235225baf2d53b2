"""A gate's answer printed, for people and for machines, each form in a file of its own."""
