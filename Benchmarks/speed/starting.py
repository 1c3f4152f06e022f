"""Start-up: processes from their start to their end."""

import statistics
import sys

import data
from measuring import Comparison, say

# Processes of one measurement; the fastest counts least by chance, the median most of all.
REPEATS = 5


def version(context):
    row = Comparison("latent --version", "ms", "Python and PyTorch")
    from latent import timed

    for _ in range(context.pairs):
        runs = [timed([context.latent.binary, "--version"]) for _ in range(REPEATS)]
        peer = timed([context.python, "-c", "import torch; print(torch.__version__)"])
        row.ours.append(1000 * statistics.median(run.seconds for run in runs))
        row.theirs.append(1000 * peer.seconds)
        row.our_mebibytes, row.their_mebibytes = runs[0].mebibytes, peer.mebibytes
    say(f"{row.name}: {row.median:.1f} ms")
    return [row]


def encoding(context):
    row = Comparison("encode one 28x28 picture", "ms", "Python and PyTorch")
    picture = data.ROOT / "samples" / "digits" / "digit-1.png"
    model = data.ROOT / "models" / "digits.safetensors"
    for _ in range(context.pairs):
        runs = [context.latent.run("encode", picture, "-m", model) for _ in range(REPEATS)]
        peer = context.timed_peer("encode_picture.py", model, picture)
        ours, theirs = (
            [float(number) for number in run.output.split()] for run in (runs[0], peer))
        if max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) > 1e-3:
            sys.exit("encode: latent and the peer differ")
        row.ours.append(1000 * statistics.median(run.seconds for run in runs))
        row.theirs.append(1000 * peer.seconds)
        row.our_mebibytes, row.their_mebibytes = runs[0].mebibytes, peer.mebibytes
    say(f"{row.name}: {row.median:.1f} ms")
    return [row]
