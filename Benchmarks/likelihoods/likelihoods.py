"""Test likelihoods of MNIST beside the published ones: trains the models, estimates log p(x), and writes
a table.

    likelihoods.py LATENT --data FOLDER --out FOLDER [--only NAME,...] [--write RESULTS.md]
"""

import argparse
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "curves"))
import curves

BURDA = ["--hidden", "200,200", "--latents", "50"]
DYNAMIC = ["mnist/train-images-idx3-ubyte.gz"]
FIXED = ["binarized-mnist/train-images-idx3-ubyte.gz", "binarized-mnist/valid-images-idx3-ubyte.gz"]
DYNAMIC_TEST = ["mnist/t10k-images-idx3-ubyte.gz", "--binarise"]
FIXED_TEST = ["binarized-mnist/test-images-idx3-ubyte.gz"]
WEIGHTED = ["--importance-samples", "5000"]
BOUND = ["--samples", "10"]


class Row:
    """A model: how it is trained, and how it is measured. `start`: the row whose weights it begins
    with."""

    def __init__(self, name, title, pictures, training, test, evaluation, start=None):
        self.name, self.title, self.start = name, title, start
        self.pictures, self.training = pictures, [*training, "--schedule", "cosine", "--seed", "1"]
        self.test, self.evaluation = test, evaluation

    def command(self, data, out, latent="latent"):
        start = ["--start-from", out / f"{self.start}.safetensors"] if self.start else []
        return [latent, "train", *[data / name for name in self.pictures], *self.training, *start,
                "-o", out / f"{self.name}.safetensors"]

    def measuring(self, data, out, latent="latent"):
        return [latent, "evaluate", data / self.test[0], *self.test[1:], *self.evaluation,
                "-m", out / f"{self.name}.safetensors"]


class Shipped(Row):
    """A model that comes with the program; its card says how it was trained."""

    def __init__(self, name, title, test, evaluation):
        super().__init__(name, title, [], [], test, evaluation)

    def command(self, data, out, latent="latent"):
        return None

    def measuring(self, data, out, latent="latent"):
        return [latent, "evaluate", data / self.test[0], *self.test[1:], *self.evaluation,
                "-m", self.name]


def same_form(name, title, *options):
    """For comparisons of two models of one form and one short run."""
    return Row(name, title, DYNAMIC,
               [*BURDA, "--binarise", "--epochs", "80", "--warm-up", "20", *options],
               DYNAMIC_TEST, [*WEIGHTED, "--every", "4"])


def ten_latents(posterior):
    return Row(posterior, f"784-200-10, posterior {posterior}", DYNAMIC,
               ["--hidden", "200", "--latents", "10", "--binarise", "--epochs", "25",
                "--posterior", posterior], DYNAMIC_TEST, BOUND)


ROWS = [
    Row("k1", "784-200-200-50, k = 1, 400 epochs, dynamic (k1)", DYNAMIC,
        [*BURDA, "--binarise", "--epochs", "400", "--warm-up", "120"], DYNAMIC_TEST, WEIGHTED),
    Row("k1-longer", "the same, 300 epochs from k1 on (k1-longer)", DYNAMIC,
        [*BURDA, "--binarise", "--epochs", "300", "--learning-rate", "2e-3"], DYNAMIC_TEST, WEIGHTED,
        start="k1"),
    Row("k1-longest", "the same, 200 epochs from k1-longer on (k1-longest)", DYNAMIC,
        [*BURDA, "--binarise", "--epochs", "200", "--learning-rate", "1.5e-3"], DYNAMIC_TEST, WEIGHTED,
        start="k1-longer"),
    Row("iwae50", "784-200-200-50, k = 50, 12 epochs from k1 on", DYNAMIC,
        [*BURDA, "--binarise", "--estimator", "iwae", "--importance-samples", "50", "--epochs", "12",
         "--learning-rate", "5e-4"], DYNAMIC_TEST, WEIGHTED, start="k1"),
    Row("iwae50-longest", "784-200-200-50, k = 50, 12 epochs from k1-longest on", DYNAMIC,
        [*BURDA, "--binarise", "--estimator", "iwae", "--importance-samples", "50", "--epochs", "12",
         "--learning-rate", "1e-3"], DYNAMIC_TEST, WEIGHTED, start="k1-longest"),
    Row("fixed", "784-200-200-50, k = 1, 400 epochs, fixed", FIXED,
        [*BURDA, "--validation-share", "0.02", "--epochs", "400", "--warm-up", "120"],
        FIXED_TEST, WEIGHTED),
    Shipped("digits", "convolutional (`digits`), fixed", FIXED_TEST, [*WEIGHTED, "--every", "10"]),
    same_form("normal", "784-200-200-50, 80 epochs, N(0, I)"),
    same_form("vamp", "784-200-200-50, 80 epochs, VampPrior", "--prior", "vamp"),
    ten_latents("diagonal"),
    ten_latents("full"),
]


def run(command, **options):
    done = subprocess.run([str(part) for part in command], check=False, **options)
    if done.returncode != 0:
        sys.exit(f"likelihoods.py: {' '.join(map(str, command))}: ended with {done.returncode}")
    return done.stdout


def train(latent, row, data, out, threads):
    """The seconds of training; None of a model that is there."""
    command = row.command(data, out, latent)
    if command is None:
        return None
    log = out / f"{row.name}.ndjson"
    run([*command, "--threads", threads, "--log", log, "--keep-checkpoint", "--resume", "--quiet"])
    return max(json.loads(line).get("seconds", 0) for line in log.read_text().splitlines())


def figures(latent, row, data, out, threads):
    """What `latent evaluate --json` says, and the training's seconds; kept in a file."""
    kept = out / f"{row.name}.json"
    if not kept.exists():
        seconds = train(latent, row, data, out, threads)
        text = run([*row.measuring(data, out, latent), "--threads", threads, "--json"],
                   stdout=subprocess.PIPE)
        kept.write_text(json.dumps({"seconds": seconds, **json.loads(text)}))
    return json.loads(kept.read_text())


def courses(results, out):
    """The bounds of the long runs against the samples seen; a run that goes on from another comes after
    it."""
    runs = {}
    for row, _ in results:
        log = out / f"{row.name}.ndjson"
        is_long = BURDA[1] in row.training and "--every" not in row.evaluation
        if not is_long or row.name.startswith("iwae") or not log.exists():
            continue
        course = curves.course(log)
        if row.start in runs:
            last = runs[row.start]["held_out"][-1][0]
            for key in ("training", "held_out"):
                course[key] = [(x + last, y) for x, y in course[key]]
        runs[row.name] = course
    return curves.plot({"MNIST, 784-200-200-50": runs}, label="{}") if runs else None


def number(value):
    return f"{value['nats']:.2f} ({value['standard_error']:.2f})" if value else "–"


def table(results):
    lines = ["| model | pictures | bound | log p(x) | active | training |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for row, found in results:
        time = f"{found['seconds'] / 60:.0f} min" if found["seconds"] else "its card"
        lines.append(
            f"| {row.title} | {found['pictures']:,} | {number(found['bound'])} "
            f"| {number(found.get('log_likelihood'))} | {found['latents']['active']} "
            f"| {time} |")
    shown, here = pathlib.Path(""), pathlib.Path("")
    lines += ["", "```"]
    for row, _ in results:
        for command in (row.command(shown, here), row.measuring(shown, here)):
            if command is not None:
                lines.append(" ".join(map(str, command)))
    return "\n".join(lines + ["```"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("latent", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--only", default=",".join(row.name for row in ROWS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    names = options.only.split(",")
    unknown = set(names) - {row.name for row in ROWS}
    if unknown:
        parser.error(f"expected names among {', '.join(row.name for row in ROWS)}, "
                     f"found {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    results = []
    for row in ROWS:
        if row.name in names:
            results.append((row, figures(
                options.latent, row, options.data, options.out, options.threads)))
            print(f"{row.name}: {number(results[-1][1].get('log_likelihood'))}",
                  file=sys.stderr, flush=True)
    text, picture = table(results), courses(results, options.out)
    if picture:
        (options.out / "likelihoods.svg").write_text(picture)
    print(text)
    if options.write:
        if not picture:
            parser.error("--write needs one of the long runs for its plot")
        curves.write(options.write, "likelihoods", f"{text}\n\n`script/likelihoods`",
                     "likelihoods.svg", picture)


if __name__ == "__main__":
    main()
