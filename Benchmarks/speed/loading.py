"""Loading: pictures a second for training, and how long a trainer waits for them."""

import data
from latent import require_pictures
from measuring import Comparison, say

# Of each folder, and of one measurement.
FILES = 8
BATCH = 16
EXTENT = 64


def load(kind, width, height, count, way):
    """The workload of one kind of files.

    way: "crop" for random pieces, "size" for whole pictures made small.
    """
    def workload(context):
        folder = data.folder_of_files(context.folder, kind, FILES, width, height)
        name = (f"{'pieces' if way == 'crop' else 'whole pictures'}, {EXTENT}x{EXTENT}, of "
                f"{width}x{height} {'JPEG' if kind == 'jpg' else 'PNG'} files")
        row = Comparison(name, "pictures/s", "Pillow", upwards=True,
                         note="latent: training steps of a network of one unit")
        # So small a network that loading is all there is; a step is one batch.
        batch = 4
        arguments = [folder, "--preset", "aevb", "--hidden", 1, "--latents", 1, "--colour",
                     f"--{way}", f"{EXTENT}x{EXTENT}", "--batch-size", batch, "--cache-size", 0,
                     "--validation-share", 0, "--seed", 1]
        steps = count // batch
        for pair in range(context.pairs):
            spans, row.our_mebibytes = context.latent.train(
                context.folder, *arguments, steps=steps + 2, every=2)
            peer = context.timed_peer(
                "load_crops.py", folder, "--count", count, "--processes", context.threads,
                f"--{way}", EXTENT)
            row.ours.append(1000 * batch / (sum(spans) / len(spans)))
            row.theirs.append(float(peer.output))
            row.their_mebibytes = peer.mebibytes
            say(f"{name}: {pair + 1}: latent {row.ours[-1]:.1f}, Pillow {row.theirs[-1]:.1f} "
                "pictures/s")
        return [row]

    return workload


def waiting(context):
    """The share of a training run's time that the trainer waits for the loader."""
    folder = data.folder_of_files(context.folder, "jpg", FILES, 4000, 3000, copies=BATCH // FILES)
    row = Comparison("waiting for 12-megapixel JPEG files, photographic step", "% of the time", "")
    for _ in range(context.pairs):
        profile = context.latent.profile(
            "train", folder, "--preset", "photograph", "--batch-size", BATCH, "--cache-size", 0,
            "--validation-share", 0, "--steps", 60, "--quiet", "--seed", 1,
            "-o", context.folder / "trained.safetensors")
        require_pictures(profile, BATCH)
        wait = next(w["seconds"] for w in profile["works"] if w["name"] == "waiting for the loader")
        row.ours.append(100 * wait / profile["wall_seconds"])
    say(f"{row.name}: {row.median:.2f} %")
    return [row]
