"""Streaming: audio comes on a clock that waits for no engine, and every delay is charged."""
