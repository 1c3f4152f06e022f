#!/usr/bin/env python3
"""latent beside PyTorch and Pillow on this machine, pair by pair in alternation, and beside the
rate at which oneDNN multiplies large matrices here; script/benchmark builds latent and calls this.

    benchmark.py [--workloads aevb,photo-step,...] [--pairs N] [--threads N]
                 [--peers eager,compiled] [--out DIR] [--resume FILE]
                 [--write Documentation/performance.md]

Before anything is timed, both sides' results on the same weights and pictures are compared. What was
measured is written after every workload: --resume goes on with those that are left.
"""

import argparse
import contextlib
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

PACKAGES = {"numpy": "numpy", "torch": "torch", "PIL": "Pillow", "safetensors": "safetensors"}
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MISSING = [name for module, name in PACKAGES.items() if importlib.util.find_spec(module) is None]
if MISSING:
    sys.exit(f"script/benchmark: Python has no {', '.join(MISSING)}; "
             "pip install -r Benchmarks/peers/requirements.txt, or set PYTHON")

import evaluating  # noqa: E402
import growth  # noqa: E402
import loading  # noqa: E402
import restoring  # noqa: E402
import starting  # noqa: E402
import tables  # noqa: E402
import training  # noqa: E402
from latent import Latent, ProgramError, timed  # noqa: E402
from measuring import PEERS, Comparison, Peer, PeerError, require_equal, say  # noqa: E402

WORKLOADS = {
    "version": starting.version,
    "encode": starting.encoding,
    "aevb": training.aevb,
    "importance": evaluating.importance,
    "conv-step": training.convolutional,
    "photo-step": training.photographic,
    "denoise-0.25": restoring.denoise("0.25 megapixels"),
    "denoise-1": restoring.denoise("1 megapixel"),
    "denoise-12": restoring.denoise("12 megapixels"),
    "load-jpeg": loading.load("jpg", 4000, 3000, 40, "crop"),
    "load-jpeg-whole": loading.load("jpg", 4000, 3000, 80, "size"),
    "load-png": loading.load("png", 1024, 768, 160, "crop"),
    "wait": loading.waiting,
    "growth": growth.run,
}


class Context:
    """What the workloads share."""

    def __init__(self, options, folder):
        self.pairs = options.pairs
        self.threads = options.threads
        self.python = sys.executable
        self.kinds = options.peers
        self.folder = folder
        self.out = options.out
        self.latent = Latent(options.latent, options.threads)
        self.model = ROOT / "models" / "photo.safetensors"

    def peer(self, work, model, pictures, *options, compiled=False):
        return Peer(self.python, self.threads, work, model, pictures, *options, compiled=compiled)

    @contextlib.contextmanager
    def peers(self, work, model, pictures, *options):
        """The processes to compare with, by label."""
        with contextlib.ExitStack() as stack:
            labels = {"eager": "PyTorch", "compiled": "PyTorch, compiled"}
            yield {labels[kind]: stack.enter_context(
                self.peer(work, model, pictures, *options, compiled=kind == "compiled"))
                for kind in self.kinds}

    def timed_peer(self, script, *arguments):
        return timed([self.python, PEERS / script, *arguments])

    def write(self, name, text):
        (self.out / name).write_text(text)

    def same_bound(self, pictures, model, nats):
        run = self.latent.run("evaluate", pictures, "-m", model, "--samples", 100, "--json")
        import numpy

        ours = float(json.loads(run.output)["bound"]["nats"])
        require_equal("the bound", numpy.array([ours]), numpy.array([nats]), tolerance=2e-3)


def names(known):
    """Of a list with commas: "all" or names that are known."""
    def parse(text):
        chosen = list(known) if text == "all" else text.split(",")
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"expected names of {', '.join(known)}, found {', '.join(unknown)}")
        return chosen
    return parse


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {number}")
    return number


def machine(options):
    """Processor, versions and the measured limit, as a figure needs them."""
    import PIL
    import torch

    processor = platform.processor() or platform.machine()
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as file:
        processor = next((line.split(":")[1].strip() for line in file
                          if line.startswith("model name")), processor)
    return {
        "processor": processor, "cores": len(os.sched_getaffinity(0)),
        "system": platform.platform(), "date": datetime.date.today().isoformat(),
        "threads": options.threads,
        "latent": timed([options.latent, "--version"]).output.strip(),
        "commit": subprocess.run(
            ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True,
            text=True, check=False).stdout.strip(),
        "python": platform.python_version(), "torch": torch.__version__, "pillow": PIL.__version__}


def limit(options):
    """oneDNN's version and GFLOP/s of a large product."""
    run = timed([sys.executable, PEERS / "product.py"], {"OMP_NUM_THREADS": str(options.threads)})
    version, rate = run.output.split()
    return version, float(rate)


def parsed():
    parser = argparse.ArgumentParser(prog="script/benchmark", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", type=names(WORKLOADS), default=list(WORKLOADS),
                        metavar="NAME,...", help=f"of {', '.join(WORKLOADS)}; all without it")
    parser.add_argument("--pairs", type=positive, default=10, metavar="N",
                        help="measurements of each side, taking turns (10)")
    parser.add_argument("--threads", type=positive, default=len(os.sched_getaffinity(0)),
                        metavar="N", help="of both sides; all cores without it")
    parser.add_argument("--peers", type=names(["eager", "compiled"]),
                        default=["eager", "compiled"], metavar="KIND,...",
                        help="of PyTorch: eager, compiled; both without it")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "runs/benchmark",
                        metavar="DIR", help="for the figures as JSON (runs/benchmark)")
    parser.add_argument("--latent", default=ROOT / ".build/release/latent", metavar="FILE",
                        help="the program (.build/release/latent)")
    parser.add_argument("--resume", type=pathlib.Path, metavar="FILE",
                        help="go on with an earlier run's file, with the same options")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE",
                        help="put the table between its marks in this file")
    return parser.parse_args()


def command_line(options):
    """What was called, without what changes no figure."""
    command = (f"script/benchmark --pairs {options.pairs} --threads {options.threads} "
               f"--peers {','.join(options.peers)}")
    if options.workloads != list(WORKLOADS):
        command += f" --workloads {','.join(options.workloads)}"
    return command


class Report:
    """What was measured so far, in a file that is written anew after every workload."""

    def __init__(self, options):
        self.command = command_line(options)
        self.machine = machine(options)
        self.limits, self.workloads = [], {}
        if options.resume:
            found = json.loads(options.resume.read_text())
            if found["command"] != self.command:
                sys.exit(f"{options.resume}: expected a run of {self.command}, "
                         f"found one of {found['command']}")
            self.machine = found["machine"]
            self.limits = self.machine["limits"]
            self.workloads = found["workloads"]
            self.path = options.resume
        else:
            stamp = datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S")
            self.path = options.out / f"{stamp}.json"

    @property
    def rows(self):
        return [Comparison.from_json(row) for name in WORKLOADS
                for row in self.workloads.get(name, [])]

    def add(self, name, rows):
        self.workloads[name] = [row.json() for row in rows]
        # What other programs take is taken from the limit too: the best of them is closest to it.
        self.machine["limit_gigaflops"] = max(self.limits)
        self.machine["limits"] = self.limits
        fresh = self.path.with_suffix(".part")
        fresh.write_text(json.dumps(
            {"command": self.command, "machine": self.machine, "workloads": self.workloads},
            indent=1))
        fresh.replace(self.path)


def main():
    options = parsed()
    options.out.mkdir(parents=True, exist_ok=True)
    report, failed = Report(options), False
    say(f"writing {report.path}")
    for name in options.workloads:
        if name in report.workloads:
            continue
        report.machine["onednn"], rate = limit(options)
        report.limits.append(rate)
        say(f"{name}: oneDNN multiplies at {rate:.1f} GFLOP/s")
        with tempfile.TemporaryDirectory(prefix="latent-benchmark-") as folder:
            try:
                report.add(name, WORKLOADS[name](Context(options, pathlib.Path(folder))))
            except (ProgramError, PeerError) as error:
                say(f"{name}: {error}")
                failed = True
    if not report.workloads:
        sys.exit(1)
    lines = tables.lines(report.rows, report.machine, report.command)
    print("\n".join(lines))
    if options.write:
        text = tables.inserted(options.write.read_text(), lines)
        if text is None:
            sys.exit(f"{options.write}: expected the marks <!-- benchmark --> and "
                     "<!-- end of benchmark -->, found none")
        options.write.write_text(text)
    for met, what in tables.goals(report.rows, report.machine["limit_gigaflops"]):
        print(f"{'met   ' if met else 'missed'}  {what}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
