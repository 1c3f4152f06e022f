#!/usr/bin/env python3
"""The tables of restoring photographs, beside published figures and other programs on the same
pixels; script/quality builds latent and calls this.

    quality.py --data DIR [--tables denoise,color,...] [--limit N] [--model NAME]... [--ensemble N]...
               [--out DIR] [--peers all|none|NAME,...] [--peers-only] [--write FILE]

The data folder holds bsd68, kodak24, polyu, set5 and set14. Figures of the other programs are kept in the
output folder and run only where they are missing: CBM3D takes most of a minute a picture.
"""

import argparse
import contextlib
import datetime
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import tempfile

PACKAGES = {
    "numpy": "numpy", "scipy": "scipy", "PIL": "Pillow", "cv2": "opencv-contrib-python-headless",
    "skimage": "scikit-image", "bm3d": "bm3d"}
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
MISSING = [name for module, name in PACKAGES.items() if importlib.util.find_spec(module) is None]
if MISSING:
    sys.exit(f"script/quality: Python has no {', '.join(MISSING)}; "
             "pip install -r Benchmarks/peers/requirements.txt, or set PYTHON")

import cost  # noqa: E402
import denoising  # noqa: E402
import enlarging  # noqa: E402
import files  # noqa: E402
import inpainting  # noqa: E402
import pictures  # noqa: E402
import report  # noqa: E402
import sheets  # noqa: E402
import tiling  # noqa: E402
import uncertainty  # noqa: E402
from cache import Cache  # noqa: E402
from peers import Peers  # noqa: E402
from program import Contender, Latent, ProgramError  # noqa: E402

TABLES = {
    "denoise": denoising.gray, "color": denoising.color, "inpaint": inpainting.run,
    "real": files.real, "jpeg": files.jpeg, "clean": files.clean, "super": enlarging.run, "uncertainty": uncertainty.run, "time": cost.run,
    "tiles": tiling.run, "sheets": sheets.run, "large": cost.large}
# BSD68's BM3D is published for these very pictures, and 100 megapixels take their time.
USUAL_PEERS = [method for method in Peers.METHODS if method != "bm3d"]
NEED_MODEL = ["uncertainty", "tiles", "large"]
USUAL_TABLES = [name for name in TABLES if name != "large"]


class Context:
    """What the tables share."""

    def __init__(self, options):
        self.data = options.data
        self.out = options.out
        self.limit = options.limit
        self.rounds = options.rounds
        self.models = [] if options.peers_only else options.model or ["photo"]
        plain = [Contender(model) for model in self.models]
        averaged = [Contender(model, ("--ensemble", ways))
                    for model in self.models for ways in options.ensemble]
        # Those of the tables of quality and of time.
        self.contenders = plain + averaged
        self.latent = Latent(options.latent, options.option)
        self.peers = Peers(Cache(options.out), options.peers)

    def pictures(self, name):
        return pictures.load(self.data, name, self.limit)

    def label(self, model):
        return Contender(model).title

    @contextlib.contextmanager
    def workspace(self):
        """An empty folder that goes when it is done with."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="work-", dir=self.out))
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def write(self, name, text):
        (self.out / name).write_text(text)

    def say(self, message):
        print(f"quality: {message}", file=sys.stderr, flush=True)


def names(known):
    """Of a list with commas: "all", "none" or names that are known."""
    def parse(text):
        chosen = {"all": list(known), "none": []}.get(text, text.split(","))
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(
                f"expected names of {', '.join(known)}, found {', '.join(unknown)}")
        return chosen
    return parse


def machine():
    """Processor, cores and date, as a figure needs them."""
    processor = "unknown processor"
    with contextlib.suppress(OSError), open("/proc/cpuinfo") as file:
        processor = next((line.split(":")[1].strip() for line in file
                          if line.startswith("model name")), processor)
    return f"{processor}, {len(os.sched_getaffinity(0))} cores, {datetime.date.today()}"


def parsed():
    parser = argparse.ArgumentParser(prog="script/quality", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--tables", type=names(TABLES), default=USUAL_TABLES, metavar="NAME,...",
                        help=f"of {', '.join(TABLES)}; all but large without it")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N pictures of every set")
    parser.add_argument("--model", action="append", metavar="NAME",
                        help="photo without it; given again, a row for each")
    parser.add_argument("--ensemble", action="append", default=[], type=int, choices=[2, 4, 8],
                        metavar="N", help="a row with --ensemble N as well, which takes N times "
                        "as long; given again, a row for each")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "runs/quality",
                        metavar="DIR", help="for figures, plots and sheets (runs/quality)")
    parser.add_argument("--peers", type=names(Peers.METHODS), default=USUAL_PEERS,
                        metavar="NAME,...",
                        help="other programs to run where a figure is missing: all, none, or of "
                        f"{', '.join(Peers.METHODS)}; all but bm3d without it")
    parser.add_argument("--peers-only", action="store_true", help="do not run latent")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of the time table (3)")
    parser.add_argument("--latent", default=ROOT / ".build/release/latent", metavar="FILE",
                        help="the program (.build/release/latent)")
    parser.add_argument("--option", action="append", default=[], metavar="OPTION",
                        help="added to every call of latent, such as --option=--threads=1")
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE",
                        help="put the tables between their marks in this file")
    options = parser.parse_args()
    for name in ("limit", "rounds"):
        if (getattr(options, name) or 1) < 1:
            parser.error(f"expected --{name} of 1 or more, found {getattr(options, name)}")
    return options


def main():
    options = parsed()
    context = Context(options)
    options.out.mkdir(parents=True, exist_ok=True)
    command = "script/quality " + " ".join(
        ["--data DIR", f"--tables {','.join(options.tables)}"]
        + ([f"--limit {options.limit}"] if options.limit else [])
        + [f"--ensemble {ways}" for ways in options.ensemble]
        + [f"--model {context.label(model)}" for model in options.model or []])
    goals, failed = [], False
    for name in options.tables:
        if name in NEED_MODEL and not context.models:
            continue
        context.say(name)
        try:
            section = TABLES[name](context)
        except (ProgramError, pictures.DataError) as error:
            context.say(f"{name}: {error}")
            failed = True
            continue
        lines = section.lines
        if not lines:
            continue
        source = f"`{command}`; {machine()}."
        print("\n" + "\n".join([*lines, "", source]), flush=True)
        context.write(f"{name}.json", json.dumps(
            {"command": command, "machine": machine(), "figures": section.figures,
             "goals": [{"met": met, "what": what} for met, what in section.goals]}, indent=1))
        if options.write:
            text = report.insert(options.write.read_text(), name, [*lines, "", source])
            if text is None:
                context.say(f"{options.write}: expected the marks <!-- {name} --> and "
                            f"<!-- end of {name} -->, found none")
                failed = True
            else:
                options.write.write_text(text)
        goals += section.goals
    if goals:
        print()
    for met, what in goals:
        print(f"{'met   ' if met else 'missed'}  {what}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
