"""Measuring: Case -> Samples -> Run, every value kept."""
