"""Training steps: AEVB's, a flat convolutional model's and the photographic model's."""

import statistics

import numpy

import data
from latent import operations, require_pictures
from measuring import Comparison, Peer, require_equal, say


def step(context, name, arguments, model, pictures, *, batch, steps, every, compare):
    """Pairs of training steps.

    arguments: of `latent train` without its limits. model: the file that both sides begin with.
    pictures: a .npy file for the peer. steps, every: of one measurement. compare: called with a
    peer before anything is timed.
    """
    rows = []
    with context.peers("step", model, pictures, "--batch-size", batch) as peers:
        for index, (label, peer) in enumerate(peers.items()):
            say(f"{name}: {label}")
            if index == 0:
                compare(peer)
            peer.run(max(3, every))
            rows.append(Comparison(name, "ms a step", label))
        profile = context.latent.profile(
            "train", *arguments, "-o", context.folder / "trained.safetensors",
            "--steps", steps, "--quiet")
        count, convolutions = operations(profile, require_pictures(profile, batch))
        for row in rows:
            row.operations, row.convolutions = count, convolutions
        for pair in range(context.pairs):
            spans, mebibytes = context.latent.train(
                context.folder, *arguments, steps=steps, every=every)
            ours = statistics.median(spans)
            for row, peer in zip(rows, peers.values()):
                seconds, row.their_mebibytes = peer.run(steps - every)
                row.ours.append(ours)
                row.theirs.append(1000 * statistics.median(seconds))
                row.our_mebibytes = max(row.our_mebibytes or 0, mebibytes)
            say(f"  {pair + 1}: latent {ours:.3f} ms, " + ", ".join(
                f"{row.peer} {row.theirs[-1]:.3f} ms" for row in rows))
    return rows


def compare_flat(context, model, pixels):
    """Mean, log variance and E[x|z] of the first pictures."""
    few = context.folder / "few.npy"
    numpy.save(few, 255 * pixels)

    def compare(_):
        numpy.save(context.folder / "few-unit.npy", pixels)
        with context.peer("step", model, context.folder / "few-unit.npy") as peer:
            context.latent.run("encode", few, "-m", model, "--format", "npy", "--variance",
                               "-o", context.folder / "encoded.npy")
            peer.ask(encode=str(context.folder / "peer.npy"))
            theirs = numpy.load(context.folder / "peer.npy").transpose(1, 0, 2)
            require_equal("mean and log variance",
                          numpy.load(context.folder / "encoded.npy"), theirs)
            context.latent.run("reconstruct", few, "-m", model,
                               "-o", context.folder / "reconstructed.npy")
            peer.ask(reconstruct=str(context.folder / "peer.npy"))
            require_equal("E[x|z]", like(context.folder / "reconstructed.npy", pixels) / 255,
                          numpy.load(context.folder / "peer.npy"))
            nats = peer.ask(bound=100)["nats"]
            context.same_bound(few, model, nats)
    return compare


def like(path, pictures):
    """An array that latent wrote, in the shape of these."""
    return numpy.load(path).reshape(pictures.shape)


def aevb(context):
    digits, pixels = data.binary_digits(context.folder)
    numpy.save(context.folder / "digits.npy", pixels)
    model = context.folder / "aevb.safetensors"
    arguments = [digits, "--preset", "aevb", "--seed", 1, "--validation-share", 0]
    context.latent.run("train", *arguments, "-o", model, "--steps", 50, "--quiet")
    return step(
        context, "AEVB step (784-500-20, batch 100)", arguments + ["--start-from", model], model,
        context.folder / "digits.npy", batch=100, steps=600, every=100,
        compare=compare_flat(context, model, pixels[:50]))


def convolutional(context):
    folder, pixels = data.folder_of_crops(context.folder, 256, 64)
    numpy.save(context.folder / "crops.npy", pixels)
    model = context.folder / "convolutional.safetensors"
    arguments = [folder, "--preset", "convolutional", "--batch-size", 32, "--seed", 1,
                 "--validation-share", 0]
    context.latent.run("train", *arguments, "-o", model, "--steps", 3, "--quiet")
    return step(
        context, "convolutional step (64x64, batch 32)", arguments + ["--start-from", model],
        model, context.folder / "crops.npy", batch=32, steps=15, every=3,
        compare=compare_flat(context, model, pixels[:8]))


def photographic(context):
    folder, _ = data.folder_of_crops(context.folder, 64, 128)
    squares = data.crops(64, 64).astype(numpy.float32) / 255
    numpy.save(context.folder / "squares.npy", squares)
    model = context.model

    def compare(_):
        few, unit = context.folder / "few.npy", context.folder / "few-unit.npy"
        numpy.save(few, 255 * squares[:4])
        numpy.save(unit, squares[:4])
        with context.peer("step", model, unit) as peer:
            context.latent.run("reconstruct", few, "-m", model,
                               "-o", context.folder / "reconstructed.npy")
            peer.ask(reconstruct=str(context.folder / "peer.npy"))
            require_equal("posterior path", like(
                context.folder / "reconstructed.npy", squares[:4]).clip(0, 255) / 255,
                numpy.load(context.folder / "peer.npy").clip(0, 1), tolerance=1e-3)

    arguments = [folder, "--preset", "photograph", "--batch-size", 16, "--seed", 1,
                 "--validation-share", 0, "--start-from", model]
    return step(
        context, "photographic step (16 pieces of 64x64)", arguments, model,
        context.folder / "squares.npy", batch=16, steps=6, every=1, compare=compare)
