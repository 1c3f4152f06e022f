"""Denoising photographs of several sizes."""

import statistics

import numpy

import data
from latent import operations
from measuring import Comparison, require_equal, say

SIGMA = 25
# A pair of 12 megapixels takes more than a minute.
MOST_PAIRS = {"12 megapixels": 3}
SIZES = {"0.25 megapixels": (512, 512), "1 megapixel": (1024, 1024),
         "12 megapixels": (3000, 4000)}


def denoise(size):
    """The workload of one of the sizes."""
    def workload(context):
        height, width = SIZES[size]
        tiny = context.folder / "tiny.npy"
        numpy.save(tiny, data.noisy(data.mosaic(16, 16), SIGMA))
        picture = context.folder / "noisy.npy"
        noisy = data.noisy(data.mosaic(height, width), SIGMA)
        numpy.save(picture, noisy)
        arguments = ["-m", context.model, "--sigma", SIGMA, "-o", context.folder / "out.npy"]
        name = f"denoise {size}"
        profile = context.latent.profile("denoise", picture, *arguments)
        count, convolutions = operations(profile, 1)
        rows = []
        with context.peers("restore", context.model, picture, "--sigma", SIGMA) as peers:
            for label, peer in peers.items():
                say(f"{name}: {label}")
                peer.ask(restore=str(context.folder / "peer.npy"))
                if not rows:
                    ours = numpy.load(context.folder / "out.npy").reshape(noisy.shape)
                    require_equal("the restored picture", ours,
                                  numpy.load(context.folder / "peer.npy"), tolerance=1e-3)
                rows.append(Comparison(name, "s", label, operations=count,
                                       convolutions=convolutions,
                                       note="start-up taken off on both sides"))
            for pair in range(min(context.pairs, MOST_PAIRS.get(size, context.pairs))):
                start = context.latent.run("denoise", tiny, *arguments).seconds
                run = context.latent.run("denoise", picture, *arguments)
                for row, peer in zip(rows, peers.values()):
                    (seconds,), row.their_mebibytes = peer.run(1)
                    row.ours.append(run.seconds - start)
                    row.theirs.append(seconds)
                    row.our_mebibytes = max(row.our_mebibytes or 0, run.mebibytes)
                say(f"  {pair + 1}: latent {run.seconds - start:.3f} s, " + ", ".join(
                    f"{row.peer} {row.theirs[-1]:.3f} s" for row in rows))
        if size == "1 megapixel":
            rows.append(whole(context, picture, arguments, f"{name}, with start-up"))
        return rows

    return workload


def whole(context, picture, arguments, name):
    """From the start of a process to its end."""
    row = Comparison(name, "s", "PyTorch")
    for _ in range(context.pairs):
        run = context.latent.run("denoise", picture, *arguments)
        peer = context.timed_peer(
            "restore_picture.py", context.model, picture, "--sigma", SIGMA,
            "-o", context.folder / "peer.npy", "--threads", context.threads)
        row.ours.append(run.seconds)
        row.theirs.append(peer.seconds)
        row.our_mebibytes, row.their_mebibytes = run.mebibytes, peer.mebibytes
    say(f"  {name}: latent {row.median:.3f} s, PyTorch {statistics.median(row.theirs):.3f} s")
    return row
