"""The embedded corpus: our own sentences in a synthetic voice, as FLAC with a manifest."""
