#!/usr/bin/env python3
"""`latent train FOLDER` with nothing else, beside other ways to a model in the same time.

    folders.py LATENT --data FOLDER --out FOLDER [--minutes N] [--threads N] [--only NAME,...] [--write RESULTS.md]

Needs NumPy, Pillow, PyTorch and pythae. What is there (OUT/NAME/*.json) is not made again.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys

import numpy
from PIL import Image, ImageOps

PEERS = pathlib.Path(__file__).parent.parent / "peers"
HELD_OUT = 20


def folder(path):
    return sorted(p for p in pathlib.Path(path).iterdir() if p.suffix == ".png")


def linked(files, path):
    """A folder of links to files."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    for file in files:
        os.symlink(file.resolve(), path / file.name)


def pictures_of(path):
    """Every file of a folder; every 20th is held out."""
    def make(data, out):
        files = folder(data / path)
        linked([f for i, f in enumerate(files) if i % HELD_OUT], out / "train")
        linked(files[::HELD_OUT], out / "test")
    return make


def idx(path, name):
    """PNGs of an IDX file: up to 10,000 to train on, and 500 held out."""
    def make(data, out):
        source = pathlib.Path(path) if path.startswith("/") else data / path
        content = gzip.decompress((source / "train-images-idx3-ubyte.gz").read_bytes())
        count, height, width = struct.unpack(">III", content[4:16])
        pictures = numpy.frombuffer(content, numpy.uint8, offset=16).reshape(count, height, width)
        for kind, chosen in (("train", pictures[:10000]), ("test", pictures[-500:])):
            (out / kind).mkdir(parents=True, exist_ok=True)
            for number, picture in enumerate(chosen):
                Image.fromarray(picture).save(out / kind / f"{name}-{number:05d}.png")
    return make


def photographs(data, out):
    """300 photographs of 128x128: the middles of BSDS's pictures, halved; 15 held out."""
    made = out / "all"
    made.mkdir(parents=True, exist_ok=True)
    sources = sorted(p for p in (data / "bsds500-train").rglob("*") if p.suffix in (".jpg", ".png"))
    for number, source in enumerate(sources[:300]):
        picture = Image.open(source).convert("RGB")
        left, top = (picture.width - 256) // 2, (picture.height - 256) // 2
        picture.crop((left, top, left + 256, top + 256)).reduce(2).save(made / f"{number:03d}.png")
    files = folder(made)
    linked([f for i, f in enumerate(files) if i % HELD_OUT], out / "train")
    linked(files[::HELD_OUT], out / "test")


SETS = {
    "emoji": ("3,583 emoji, 128x128, color with transparency", pictures_of("emoji")),
    "fashion": ("10,000 of Fashion-MNIST, 28x28", idx("/usr/share/datasets/fashion-mnist", "f")),
    "digits": ("10,000 of MNIST, 28x28", idx("mnist", "d")),
    "orl-faces": ("400 faces, 92x112 gray", pictures_of("orl-faces")),
    "photographs": ("300 photographs, 128x128 color", photographs),
}


def run(*command):
    """What a command prints; its messages go on to the terminal."""
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout


class Trial:
    """One set: three models of the same pictures, each measured on the same held-out ones."""

    def __init__(self, latent, out, options):
        self.latent, self.out, self.options = latent, out, options
        self.time = ["--time", f"{options.minutes:g}m", "--threads", options.threads]

    def kept(self, name, make):
        path = self.out / f"{name}.json"
        if not path.exists():
            path.write_text(json.dumps(make()))
        return json.loads(path.read_text())

    def chosen(self):
        """What `latent train FOLDER -o M --time T` chooses and makes."""
        model = self.out / "chosen.safetensors"
        course = self.train(model)
        shape = json.loads(run(self.latent, "info", model, "--json"))["configuration"]
        (self.out / "shape.json").write_text(json.dumps(self.prepare(shape)))
        return {**self.measured(model, "chosen"), "chose": course}

    def convolutional(self):
        shape = json.loads((self.out / "shape.json").read_text())
        model = self.out / "convolutional.safetensors"
        # Its own Bernoulli likelihood gives no probability of 8-bit levels.
        course = self.train(model, "--preset", "convolutional", "--size", f"{shape['width']}x{shape['height']}",
                            "--likelihood", shape["likelihood"])
        return {**self.measured(model, "convolutional"), "chose": course}

    def peer(self, network):
        shape = json.loads((self.out / "shape.json").read_text())
        return json.loads(run(
            sys.executable, PEERS / "standard_vae.py", network, self.out / "train.npy", self.out / "test.npy",
            "--seconds", self.options.minutes * 60, "--threads", self.options.threads, "--out", self.out / network,
            *(["--bernoulli"] if shape["likelihood"] == "bernoulli" else [])))

    def train(self, model, *choices):
        """Returns what was said before the training began."""
        command = [self.latent, "train", self.out / "train", "-o", model, "--overwrite", *choices, *self.time]
        done = subprocess.run([str(part) for part in command], stderr=subprocess.PIPE, text=True, check=False)
        (model.with_suffix(".txt")).write_text(done.stderr)
        if done.returncode != 0:
            sys.exit(f"folders.py: {model}: latent ended with {done.returncode}\n{done.stderr}")
        return [line.strip() for line in done.stderr.splitlines() if line.startswith("  --")]

    def prepare(self, configuration):
        """The pictures at the model's size: files for `latent`, arrays for PyTorch. A hierarchical model does not
        tell a size: that of what it chose is read off its messages."""
        image = configuration.get("image", {})
        choices = (self.out / "chosen.txt").read_text()
        size = next(line.split()[1] for line in choices.splitlines() if line.startswith("  --size"))
        width, height = map(int, size.split("x"))
        gray = "--gray" in choices or image.get("channels") == 1
        for kind in ("train", "test"):
            pictures = []
            (self.out / f"{kind}-small").mkdir(exist_ok=True)
            for file in folder(self.out / kind):
                picture = Image.open(file).convert("RGBA")
                white = Image.new("RGBA", picture.size, "white")
                picture = Image.alpha_composite(white, picture).convert("L" if gray else "RGB")
                picture = ImageOps.fit(picture, (width, height), Image.Resampling.BOX)
                if kind == "test":
                    picture.save(self.out / "test-small" / file.name)
                pictures.append(numpy.asarray(picture).reshape(height, width, -1))
            numpy.save(self.out / f"{kind}.npy", numpy.stack(pictures))
        return {"width": width, "height": height, "likelihood": configuration["likelihood"]["family"]}

    def measured(self, model, name):
        test = self.out / "test-small"
        figures = json.loads(run(self.latent, "evaluate", test, "-m", model, "--importance-samples", "16", "--json",
                                 "--threads", self.options.threads))
        restored = self.out / name / "restored.npy"
        restored.parent.mkdir(exist_ok=True)
        run(self.latent, "reconstruct", test, "-m", model, "-o", self.out / name / "%05d.png")
        run(self.latent, "sample", "-m", model, "-n", "24", "--seed", "1", "-o", self.out / name / "samples.png",
            "--grid", "8x3")
        wanted = numpy.load(self.out / "test.npy").astype(float)
        found = [numpy.asarray(Image.open(f)).reshape(wanted.shape[1:]).astype(float)
                 for f in sorted((self.out / name).glob("0*.png"))]
        errors = numpy.square(numpy.stack(found) - wanted).mean((1, 2, 3))
        latents = figures["latents"]
        return {"bits_per_dimension": figures["bits_per_dimension"],
                "psnr": float((10 * numpy.log10(255**2 / numpy.maximum(errors, 1e-3))).mean()),
                "active": latents["active"], "latents": latents["count"]}


MODELS = {
    "chosen": ("`latent train FOLDER`", Trial.chosen),
    "convolutional": ("`--preset convolutional`", Trial.convolutional),
    "torch-convolutional": ("convolutional VAE, PyTorch", lambda trial: trial.peer("convolutional")),
    "pythae": ("pythae's default", lambda trial: trial.peer("pythae")),
}


def table(out, options):
    lines = ["| pictures | model | bits/dim | PSNR of reconstructions, dB | active latents |", "|---|---|---|---|---|"]
    for name, (title, _) in SETS.items():
        for kind, (words, _) in MODELS.items():
            path = out / name / f"{kind}.json"
            if path.exists():
                found = json.loads(path.read_text())
                lines.append(f"| {title} | {words} | {found['bits_per_dimension']:.3f} | {found['psnr']:.2f} | "
                             f"{found['active']} of {found['latents']} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("latent")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default=",".join(SETS))
    parser.add_argument("--models", default=",".join(MODELS))
    options = parser.parse_args()
    for name in options.only.split(","):
        out = (options.out / name).resolve()
        if not (out / "test").exists():
            out.mkdir(parents=True, exist_ok=True)
            SETS[name][1](options.data, out)
        trial = Trial(options.latent, out, options)
        for kind in options.models.split(","):
            print(name, kind, trial.kept(kind, lambda: MODELS[kind][1](trial)), file=sys.stderr)
    print(table(options.out, options))


if __name__ == "__main__":
    main()
