"""Evaluating a model: the bound, and the importance-weighted estimate with 5,000 samples."""

import json

import numpy

import data
from measuring import Comparison, require_equal, say

SAMPLES = 5000
# Pictures of one measurement.
COUNT = 10


def importance(context):
    digits, pixels = data.binary_digits(context.folder)
    numpy.save(context.folder / "digits.npy", pixels[:COUNT])
    model = context.folder / "aevb.safetensors"
    context.latent.run("train", digits, "--preset", "aevb", "--seed", 1, "--steps", 300,
                       "--validation-share", 0, "-o", model, "--quiet")
    name = f"importance-weighted estimate, {SAMPLES} samples"
    arguments = ["-m", model, "--importance-samples", SAMPLES, "--json"]
    rows = []
    with context.peers("importance", model, context.folder / "digits.npy",
                       "--samples", SAMPLES) as peers:
        for label, peer in peers.items():
            say(f"{name}: {label}")
            if not rows:
                same_estimate(context, peer, digits, arguments)
            peer.run(2)
            rows.append(Comparison(name, "ms a picture", label))
        for pair in range(context.pairs):
            # What does not grow with the pictures is taken off.
            few = context.latent.run("evaluate", digits, *arguments, "--limit", 1)
            run = context.latent.run("evaluate", digits, *arguments, "--limit", COUNT + 1)
            for row, peer in zip(rows, peers.values()):
                seconds, row.their_mebibytes = peer.run(COUNT)
                row.ours.append(1000 * (run.seconds - few.seconds) / COUNT)
                row.theirs.append(1000 * sum(seconds) / COUNT)
                row.our_mebibytes = max(row.our_mebibytes or 0, run.mebibytes)
            say(f"  {pair + 1}: latent {rows[0].ours[-1]:.1f} ms, " + ", ".join(
                f"{row.peer} {row.theirs[-1]:.1f} ms" for row in rows))
    return rows


def same_estimate(context, peer, digits, arguments):
    """Both sides draw for themselves: with so many samples little of that is left."""
    run = context.latent.run("evaluate", digits, *arguments, "--limit", COUNT)
    ours = json.loads(run.output)["log_likelihood"]["nats"]
    theirs = peer.ask(estimate=COUNT)["nats"]
    require_equal("the estimate", numpy.array([ours]), numpy.array([theirs]), tolerance=2e-3)
