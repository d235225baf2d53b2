"""A workload of one's own: CRC-32 of blocks of bytes, by an oracle in Python and by zlib's C."""

import random
import zlib
from dataclasses import dataclass

from asrbench import engine
from asrbench.errors import CorpusError
from asrbench.workload import Amount, Check, Workload


class Oracle:
    """CRC-32 bit by bit, as the standard defines it. Source: ITU-T V.42, section 8.1.1.6.2."""

    name = "oracle"

    def __init__(self, options):
        pass

    def run(self, block):
        register = 0xFFFFFFFF
        for byte in block:
            register ^= byte
            for _ in range(8):
                register = register >> 1 ^ (0xEDB88320 if register & 1 else 0)
        return register ^ 0xFFFFFFFF

    def close(self):
        pass


class Zlib(Oracle):
    """The same by zlib."""

    name = "zlib"

    def run(self, block):
        return zlib.crc32(block)


@dataclass
class Checksum:
    """One engine on one block."""

    engine: Oracle
    block: bytes
    oracle: object  # a function that gives the oracle
    group: str = "blocks"

    @property
    def name(self):
        return f"checksum/{self.engine.name}/crc32"

    @property
    def item(self):
        return f"{len(self.block)}-bytes"

    @property
    def amount(self):
        return Amount(float(len(self.block)), "bytes")

    def prepare(self):
        pass

    def run(self):
        return self.engine.run(self.block)

    def check(self, output):
        return agree(self.oracle().run(self.block), output)


@dataclass(frozen=True)
class Blocks:
    """Blocks of 256 bytes to 2 KiB."""

    blocks: tuple
    licence: str = "random bytes"


def blocks(name, limit):
    if name != "blocks":
        raise CorpusError(f"no corpus {name!r}; expected 'blocks'")
    chance = random.Random(0)  # noqa: S311  bytes, not a secret
    return Blocks(tuple(chance.randbytes(256 * (n + 1)) for n in range(8))[:limit])


def agree(expected, output):
    return Check(expected == output, f"{output:#010x}; the oracle says {expected:#010x}")


workload = Workload(
    name="checksum",
    oracle="oracle",
    engines=lambda: engine.installed("checksum"),
    corpus=blocks,
    cases=lambda built, corpus, oracle: [Checksum(built, b, oracle) for b in corpus.blocks],
    agree=agree,
)
