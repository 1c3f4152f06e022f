#!/usr/bin/env python3
"""Training on two MPI ranks: pictures a second, and what the network costs.

    ranks.py LATENT --out FOLDER [--rounds N] [--rates 100mbit,1gbit,10gbit] [--plot FILE.svg]

LATENT was built with Open MPI (LATENT_MPI=1). As root, with iproute2, Open MPI and the packages of
Benchmarks/peers/requirements.txt. One rank of one and of two threads and two ranks of one thread on this machine, then two ranks in two
network namespaces whose link is shaped (two-hosts.sh), each with every step's gradients exchanged and with
--sync-every 10; beside them PyTorch's DistributedDataParallel over gloo. Prints a Markdown table; FOLDER gets ranks.json.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

import numpy

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent / "speed"), str(HERE.parent / "peers")]

import data  # noqa: E402

ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
LOCAL = ["mpirun.openmpi", "--oversubscribe", "--bind-to", "core", "-n", "2"]
# Each rank writes its profile, which comes on standard error, to a file of its own.
PROFILED = 'LATENT_PROFILE=json exec "$@" 2>"$0.${OMPI_COMM_WORLD_RANK:-0}"'
HOSTS = HERE / "two-hosts.sh"
SYNC = 10
# Steps of one measurement; the first quarter is left out.
STEPS = {"convolutional": 44, "photographic": 24}
BATCH = {"convolutional": 32, "photographic": 8}


class Workload:
    """name: of STEPS and BATCH."""

    def __init__(self, latent, folder, name):
        self.latent, self.folder, self.name = latent, folder, name
        self.batch, self.steps = BATCH[name], STEPS[name]
        # So many that no epoch ends while steps are timed: ranks meet there.
        side, count = (64, 3072) if name == "convolutional" else (128, 512)
        pictures, pixels = data.folder_of_crops(folder / name, count, side)
        self.arguments = [
            pictures, "--preset", "convolutional" if name == "convolutional" else "photograph",
            "--seed", "1", "--validation-share", "0", "--quiet", "--overwrite"]
        if name == "photographic":
            self.arguments += ["--noise-estimator", "1s"]
            pixels = data.crops(64, 64).astype(numpy.float32) / 255
        self.pixels = folder / f"{name}.npy"
        numpy.save(self.pixels, pixels)
        self.model = folder / f"{name}.safetensors"
        run([latent, "train", *self.arguments, "-o", self.model, "--steps", 2,
             "--batch-size", self.batch])

    def ours(self, before, ranks, threads, sync=None):
        """Pictures a second of latent, and the share of the time that rank 0 waits for others."""
        log, model = self.folder / "log.ndjson", self.folder / "trained.safetensors"
        log.unlink(missing_ok=True)
        options = ["--sync-every", sync] if sync else []
        profile = self.folder / "profile"
        run([*before, "sh", "-c", PROFILED, profile, self.latent, "train", *self.arguments,
             "-o", model, "--log", log, "--log-every", 1, "--steps", self.steps,
             "--batch-size", self.batch * ranks, "--threads", threads, *options])
        lines = [line for line in map(json.loads, log.read_text().splitlines())
                 if "seconds" in line and "step" in line]
        first, last = lines[len(lines) // 4], lines[-1]
        rate = ((last["step"] - first["step"]) * self.batch * ranks
                / (last["seconds"] - first["seconds"]))
        last = pathlib.Path(f"{profile}.0").read_text().strip().splitlines()[-1]
        works = {work["name"]: work["seconds"] for work in json.loads(last)["works"]}
        steps = sum(seconds for name, seconds in works.items()
                    if name not in ("compiling plans", "the rest of the program"))
        return rate, works.get("waiting for other ranks", 0) / steps

    def theirs(self, before, ranks, threads, extra=()):
        """Pictures a second of DistributedDataParallel."""
        output = run(
            [*before, sys.executable, HERE.parent / "peers" / "distributed.py", self.model,
             "--pictures", self.pixels, "--batch-size", self.batch, "--steps", self.steps,
             "--threads", threads, *extra]).stdout
        seconds = json.loads(output.strip().splitlines()[-1])["seconds"]
        rest = seconds[len(seconds) // 4:]
        return self.batch * ranks * len(rest) / sum(rest), None


def run(command):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True,
        env={**os.environ, **ROOT}, check=False)
    if done.returncode != 0:
        last = " / ".join(done.stderr.strip().splitlines()[-3:])
        sys.exit(f"ranks.py: {' '.join(map(str, command[:8]))} ...: exit code {done.returncode}: {last}")
    return done


def cases(rates):
    """Names of what is measured, each with a function of a workload."""
    yield "one rank, 1 thread", lambda w: w.ours([], 1, 1)
    yield "one rank, 2 threads", lambda w: w.ours([], 1, 2)
    yield "two ranks, one machine", lambda w: w.ours(LOCAL, 2, 1)
    yield "PyTorch, one process, 1 thread", lambda w: w.theirs([], 1, 1)
    yield "PyTorch, one process, 2 threads", lambda w: w.theirs([], 1, 2)
    yield "PyTorch, two processes, one machine", lambda w: w.theirs(LOCAL, 2, 1)
    for rate in rates:
        hosts = [HOSTS, rate]
        yield f"two hosts, {rate}", lambda w, hosts=hosts: w.ours(hosts, 2, 1)
        yield (f"two hosts, {rate}, --sync-every {SYNC}",
               lambda w, hosts=hosts: w.ours(hosts, 2, 1, SYNC))
        yield (f"PyTorch, two hosts, {rate}", lambda w, hosts=hosts: w.theirs(
            hosts, 2, 1, ["--master", "10.87.0.1:29511", "--network", "10.87.0.0/24"]))


def table(found):
    names = list(next(iter(found.values())))
    lines = ["| | " + " | ".join(f"{w}, pictures/s | of twice one rank | waiting" for w in found) + " |",
             "|---|" + "---:|---:|---:|" * len(found)]
    for name in names:
        cells = []
        for results in found.values():
            one = results["PyTorch, one process, 1 thread" if "PyTorch" in name
                          else "one rank, 1 thread"]["rate"]
            rate, waiting = results[name]["rate"], results[name]["waiting"]
            cells += [f"{rate:.1f}", f"{100 * rate / (2 * one):.0f} %",
                      "–" if waiting is None else f"{100 * waiting:.0f} %"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plot(found, rates):
    """Pictures a second against the link, of twice what one rank does alone, as SVG."""
    width, height, left, top, bottom = 300, 260, 50, 40, 60
    kinds = [("two hosts, {}", "latent", "#0072b2"),
             (f"two hosts, {{}}, --sync-every {SYNC}", f"latent, --sync-every {SYNC}", "#009e73"),
             ("PyTorch, two hosts, {}", "DistributedDataParallel", "#d55e00")]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * len(found)}" height="{height + 24}" '
        f'viewBox="0 0 {width * len(found)} {height + 24}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width * len(found)}" height="{height + 24}" fill="#ffffff"/>']
    span, floor = width - left - 20, height - bottom
    for column, (name, results) in enumerate(found.items()):
        parts += [f'<g transform="translate({column * width} 0)">',
                  f'<text x="{width / 2}" y="22" text-anchor="middle">{name}</text>']
        for percent in range(0, 101, 25):
            y = floor - percent / 100 * (floor - top)
            parts.append(f'<path d="M{left} {y:.1f}h{span}" stroke="#dddddd"/><text x="{left - 6}" '
                         f'y="{y + 4:.1f}" text-anchor="end">{percent} %</text>')
        places = [left + span * (i + 0.5) / len(rates) for i in range(len(rates))]
        parts += [f'<text x="{x:.1f}" y="{floor + 16}" text-anchor="middle">{rate}</text>'
                  for x, rate in zip(places, rates)]
        for pattern, _, color in kinds:
            one = results["PyTorch, one process, 1 thread" if "PyTorch" in pattern
                          else "one rank, 1 thread"]["rate"]
            ys = [floor - min(results[pattern.format(rate)]["rate"] / (2 * one), 1.02) * (floor - top)
                  for rate in rates]
            parts.append(f'<polyline fill="none" stroke="{color}" stroke-width="1.5" points="'
                         + " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(places, ys)) + '"/>')
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>'
                      for x, y in zip(places, ys)]
        parts.append("</g>")
    for index, (_, text, color) in enumerate(kinds):
        x = left + index * 190
        parts.append(f'<path d="M{x} {height + 4}h18" stroke="{color}" stroke-width="2"/>'
                     f'<text x="{x + 24}" y="{height + 8}">{text}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("latent")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rates", default="100mbit,1gbit,10gbit")
    parser.add_argument("--plot", type=pathlib.Path)
    parser.add_argument("--workloads", default=",".join(STEPS))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rates = options.rates.split(",")
    found = {}
    for name in options.workloads.split(","):
        shutil.rmtree(options.out / name, ignore_errors=True)
        (options.out / name).mkdir()
        workload = Workload(options.latent, options.out, name)
        measured = {case: [] for case, _ in cases(rates)}
        for number in range(options.rounds):
            for case, measure in cases(rates):
                measured[case].append(measure(workload))
                rate, waiting = measured[case][-1]
                print(f"{name}, round {number + 1}, {case}: {rate:.2f} pictures/s"
                      + ("" if waiting is None else f", waiting {100 * waiting:.0f} %"),
                      file=sys.stderr, flush=True)
        found[name] = {
            case: {"rate": statistics.median(rate for rate, _ in results),
                   "waiting": None if results[0][1] is None
                   else statistics.median(waiting for _, waiting in results)}
            for case, results in measured.items()}
        (options.out / "ranks.json").write_text(json.dumps(found, indent=1))
    print(table(found))
    if options.plot:
        options.plot.write_text(plot(found, rates))


if __name__ == "__main__":
    main()
