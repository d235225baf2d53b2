"""Fuzzing: an extension built to be watched, targets that drive it, findings made small."""
