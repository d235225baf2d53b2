from edits import AFTER, BEFORE, distance


def test_distance(benchmark):
    assert benchmark(distance, AFTER, BEFORE) == 5
