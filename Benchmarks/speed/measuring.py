"""Pairs of measurements in alternation, and what comes of them."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

PEERS = pathlib.Path(__file__).parent.parent / "peers"


class PeerError(Exception):
    pass


@dataclass
class Comparison:
    """One row of the table. Ratios above 1 mean that latent is ahead."""

    name: str
    # What one measurement is: "ms a step", "s", "pictures/s".
    unit: str
    peer: str
    ours: list = field(default_factory=list)
    theirs: list = field(default_factory=list)
    # Whether more is better, as with pictures a second.
    upwards: bool = False
    our_mebibytes: float = None
    their_mebibytes: float = None
    # Multiplications and additions of one measurement's unit by their definition, and those of the
    # convolutions with the seconds that these took.
    operations: float = None
    convolutions: tuple = None
    note: str = ""

    @property
    def ratios(self):
        """Pair by pair."""
        return [(a / b if self.upwards else b / a) for a, b in zip(self.ours, self.theirs)]

    @property
    def ratio(self):
        return statistics.median(self.ratios) if self.theirs else None

    @property
    def median(self):
        return statistics.median(self.ours)

    @property
    def peer_median(self):
        return statistics.median(self.theirs) if self.theirs else None

    def gigaflops(self):
        """Of the whole unit; the unit is milliseconds a step or seconds."""
        if self.operations is None:
            return None
        seconds = self.median * (1e-3 if self.unit.startswith("ms") else 1)
        return self.operations / seconds * 1e-9

    def convolution_gigaflops(self):
        if not self.convolutions or not self.convolutions[1]:
            return None
        return self.convolutions[0] / self.convolutions[1] * 1e-9

    def json(self):
        return {
            "workload": self.name, "unit": self.unit, "peer": self.peer, "latent": self.ours,
            "peer_values": self.theirs, "ratios": self.ratios, "ratio": self.ratio,
            "upwards": self.upwards, "operations": self.operations,
            "convolutions": self.convolutions,
            "latent_mebibytes": self.our_mebibytes, "peer_mebibytes": self.their_mebibytes,
            "gigaflops": self.gigaflops(),
            "convolution_gigaflops": self.convolution_gigaflops(), "note": self.note}

    @classmethod
    def from_json(cls, found):
        """A row of an earlier run's file."""
        return cls(
            found["workload"], found["unit"], found["peer"], ours=found["latent"],
            theirs=found["peer_values"], upwards=found["upwards"],
            our_mebibytes=found["latent_mebibytes"], their_mebibytes=found["peer_mebibytes"],
            operations=found["operations"], convolutions=found["convolutions"],
            note=found["note"])


class Peer:
    """A process of Benchmarks/peers/serve.py."""

    def __init__(self, python, threads, work, model, pictures, *options, compiled=False):
        self.errors = tempfile.TemporaryFile("w+")
        arguments = [python, PEERS / "serve.py", work, model, "--threads", threads,
                     "--pictures", pictures, *options, *(["--compile"] if compiled else [])]
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self.errors, text=True)

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            lines = self.errors.read().strip().splitlines()
            raise PeerError(f"the peer ended: {' / '.join(lines[-3:])}")
        return json.loads(line)

    def run(self, count):
        """Seconds of so many pieces of work, and the largest resident set so far in MiB."""
        found = self.ask(run=count)
        return found["seconds"], found["mebibytes"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def say(text):
    print(text, file=sys.stderr, flush=True)


def difference(ours, theirs):
    """The largest difference, as a share of the largest number."""
    import numpy

    if ours.shape != theirs.shape:
        raise PeerError(f"latent gives {ours.shape}, the peer {theirs.shape}")
    return float(abs(ours - theirs).max() / max(numpy.abs(theirs).max(), 1e-9))


def require_equal(what, ours, theirs, tolerance=2e-4):
    """A benchmark of two different functions is worth nothing."""
    found = difference(ours, theirs)
    say(f"  {what}: differs by at most {found:.1e} of the largest number")
    if not found <= tolerance:
        raise PeerError(f"{what}: latent and the peer differ by {found:.1e}, "
                        f"expected at most {tolerance:.0e}")
