"""latent as a benchmark calls it."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass


class ProgramError(Exception):
    pass


@dataclass
class Run:
    # From start to end.
    seconds: float
    # The largest resident set.
    mebibytes: float
    output: str
    errors: str


class Launcher:
    """The process that starts the programs, itself started at the first call."""

    process = None

    @classmethod
    def ask(cls, **request):
        if cls.process is None:
            cls.process = subprocess.Popen(
                [sys.executable, "-S", pathlib.Path(__file__).with_name("launch.py")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.process.stdin.write(json.dumps(request) + "\n")
        cls.process.stdin.flush()
        line = cls.process.stdout.readline()
        if not line:
            raise ProgramError(f"{request['arguments'][0]}: could not be started")
        return json.loads(line)


def timed(arguments, environment=None):
    """A program from start to end.

    Raises ProgramError with the last lines it wrote to standard error where it fails.
    """
    arguments = [str(argument) for argument in arguments]
    with tempfile.TemporaryDirectory() as folder:
        output, errors = (pathlib.Path(folder) / name for name in ("output", "errors"))
        found = Launcher.ask(arguments=arguments, environment=environment or {},
                             output=str(output), errors=str(errors))
        text = errors.read_text(errors="replace")
        if found["code"] != 0:
            raise ProgramError(f"{' '.join(arguments[:6])} ...: exit code {found['code']}: "
                               f"{' / '.join(text.strip().splitlines()[-3:])}")
        return Run(found["seconds"], found["mebibytes"], output.read_text(), text)


class Latent:
    """binary: of latent. threads: of every call that computes."""

    def __init__(self, binary, threads):
        self.binary = binary
        self.threads = threads

    def run(self, command, *arguments, profile=False):
        return timed(
            [self.binary, command, *arguments, "--threads", self.threads],
            {"LATENT_PROFILE": "json" if profile else "0"})

    def profile(self, command, *arguments):
        """What LATENT_PROFILE=json tells of a call: see Documentation/performance.md."""
        run = self.run(command, *arguments, profile=True)
        return json.loads(run.errors.strip().splitlines()[-1])

    def train(self, folder, *arguments, steps, every):
        """Milliseconds of the steps of a run, one figure for `every` steps, without the first; and
        the peak memory in MiB."""
        log = folder / "log.ndjson"
        run = self.run(
            "train", *arguments, "-o", folder / "trained.safetensors", "--steps", steps,
            "--log", log, "--log-every", every, "--quiet")
        lines = [line for line in map(json.loads, log.read_text().splitlines())
                 if "seconds" in line]
        spans = [1000 * (b["seconds"] - a["seconds"]) / (b["step"] - a["step"])
                 for a, b in zip(lines, lines[1:])]
        return spans, run.mebibytes


def require_pictures(profile, count):
    """A step of fewer pictures than it is said to have would be a false figure: a run never takes
    more at a time than its data set has.

    Returns the number of steps. Raises ProgramError where the largest batch that went through a
    layer in each of them is another one.
    """
    steps = next(work["runs"] for work in profile["works"] if work["name"] == "optimizer")
    layer = re.compile(r"(?:convolution|dense) (?:\S+ )?\[(\d+),")
    found = max((int(match[1]) for work in profile["works"] if work["runs"] >= steps
                 and (match := layer.match(work["name"]))), default=0)
    if found != count:
        raise ProgramError(f"expected steps of {count} pictures, found {found}: "
                           "are there as many in the folder?")
    return steps


def operations(profile, runs):
    """From a profile of so many steps or pictures: operations of one, and the convolutions' with
    the seconds they took."""
    works = profile["works"]
    total = sum(work["operations"] * work["runs"] for work in works)
    ours = [work for work in works if work["group"] == "convolutions"]
    convolutions = (sum(work["operations"] * work["runs"] for work in ours),
                    sum(work["seconds"] for work in ours))
    return total / runs, convolutions
