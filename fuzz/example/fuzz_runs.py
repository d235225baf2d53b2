"""Your own extension under fire: a file like this one and the module's name are all it takes.

asrbench fuzz fuzz/example/fuzz_runs.py --module runs --project fuzz/example
"""

import runs


def one_input(data: bytes) -> None:
    """Let nothing out but a finding: a ValueError is how decode refuses."""
    try:
        runs.decode(data)
    except ValueError:
        return
