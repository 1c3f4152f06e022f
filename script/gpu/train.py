#!/usr/bin/env python3
"""Trains a conditional hierarchical model in PyTorch, on a GPU or, slowly, on a CPU.

script/train-on-gpu PICTURES... -o MODEL.safetensors [OPTION...]   train
script/train-on-gpu pack PICTURES... -o PICTURES.zip               pack pictures into one file
script/train-on-gpu sheet PICTURES... -o SHEET.png                 draw damage to look at
script/train-on-gpu check [--latent BINARY]                        check it against the program

PICTURES are files, folders and packs. The model file is the program's: `latent denoise -m MODEL`.
script/train-on-gpu COMMAND --help tells the options; Documentation/train-on-gpu.md tells more.
"""

import argparse
import pathlib
import signal
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Benchmarks" / "peers"))

import torch  # noqa: E402

import model  # noqa: E402
from damage import MIXTURES  # noqa: E402
from model_file import ModelFile  # noqa: E402
from pictures import LARGE, Pictures, halved, order, read  # noqa: E402
from trainer import Run  # noqa: E402

# Damage is drawn for so many pieces at a time on a GPU, which small batches would keep waiting.
POOL = 4096


def seconds(text):
    """90s, 10m, 1.5h"""
    units = {"s": 1, "m": 60, "h": 3600}
    if text[-1:] not in units:
        raise argparse.ArgumentTypeError(f"expected a time as 90s, 10m or 2h, found '{text}'")
    return float(text[:-1]) * units[text[-1]]


def integers(text):
    return [int(part) for part in text.split(",")]


def parser():
    result = argparse.ArgumentParser(
        prog="train-on-gpu", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add = result.add_argument
    add("pictures", nargs="+", help="files, folders and packs of pictures")
    add("-o", "--output", required=True, help="the model, NAME.safetensors")
    add("--start-from", metavar="MODEL", help="begin with the weights of a model file, or of a name\n"
        "in models/; without it from drawn weights")
    add("--resume", action="store_true", help="go on from NAME.checkpoint.safetensors")
    limit = result.add_mutually_exclusive_group(required=True)
    limit.add_argument("--steps", type=int)
    limit.add_argument("--time", type=seconds, help="as 90s, 10m, 2h; compiling is not counted")
    add("--damage", choices=list(MIXTURES), default="denoise")
    add("--batch-size", type=int, default=256)
    add("--crop", type=int, default=64, help="a piece's side in pixels")
    add("--learning-rate", type=float, default=1e-3)
    add("--ramp", type=int, default=100, help="steps in which the rate rises to its height")
    add("--warm-up", type=float, default=0.2, help="the share of the run in which the rate of the\n"
        "bound, the KL divergence, comes to count in full")
    add("--bound-weight", type=float, default=0.05, help="a of the objective; 0 trains the prior\n"
        "path alone, a sixth faster on a CPU")
    add("--clip-gradient", type=float, default=1.0)
    add("--average", type=float, default=0.999, help="what the average of the weights, which\n"
        "becomes the model, keeps in a step")
    add("--blocks", type=integers, help="residual blocks a level, from 1/2 downwards, as 2,1,1; a\n"
        "model that is started from grows by blocks that change nothing at first")
    add("--widths", type=integers, default=[64, 96, 128], help="of a model begun anew")
    add("--target-widths", type=integers, default=[32, 48, 64])
    add("--latents", type=integers, default=[8, 8, 8])
    add("--seed", type=int, default=0)
    add("--half", action="store_true", help="write the weights in half precision")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--precision", choices=["bf16", "float32"],
        help="of the convolutions: bf16 on a GPU, float32 on a CPU")
    add("--compile", action=argparse.BooleanOptionalAction, default=torch.cuda.is_available(),
        help="torch.compile; on a GPU unless told otherwise")
    add("--pool", type=int, help=f"pieces that are damaged together: {POOL} on a GPU, the batch on\n"
        "a CPU")
    add("--halved", choices=["no", "also", "only"], default="only", help="show pictures longer than "
        f"{LARGE} pixels at half\ntheir size: only so, without their own grain, or also so")
    add("--most-detailed-of", type=int, default=1, metavar="COUNT", help="draw so many pieces and\n"
        "train on the most detailed one")
    add("--validation-share", type=float, default=0.03, help="of the pictures, held out")
    add("--validation-pieces", type=int, default=1024)
    add("--checkpoint-every", type=seconds, default=60.0, help="and validate; default 60s")
    add("--keep-checkpoint", action="store_true")
    add("--log-every", type=int, default=100, metavar="STEPS")
    add("--threads", type=int, default=0, help="on a CPU")
    return result


def split(pictures, share, seed):
    """Trained on, and held out: some of the pictures, the same for all runs of a seed."""
    count = round(share * len(pictures))
    held_out = set(order(len(pictures), seed + 1)(0, count).tolist())
    return ([picture for index, picture in enumerate(pictures) if index not in held_out],
            [picture for index, picture in enumerate(pictures) if index in held_out])


def with_halves(pictures, choice):
    for picture in pictures:
        is_large = max(picture.shape[:2]) > LARGE
        if not is_large or choice != "only":
            yield picture
        if is_large and choice != "no":
            yield halved(picture)


def beginning(options):
    """The model file to begin with, and what its file is called; None where it is new."""
    name = options.start_from
    if name is None:
        blocks = options.blocks or [1]
        configuration = model.new_configuration(
            options.crop, options.widths, options.target_widths, options.latents,
            blocks if len(blocks) > 1 else blocks[0])
        return model.new_model(configuration, options.seed), None
    path = pathlib.Path(name)
    if not path.exists() and path.suffix == "":
        path = ROOT / "models" / f"{name}.safetensors"
    file = model.checked(ModelFile.read(path), path)
    if options.blocks:
        file = model.grown(file, options.blocks, options.seed, path)
    return model.with_crop(file, options.crop), path.name


def earlier_runs(history):
    """What a model's history tells of the runs it comes from, the oldest first."""
    if not history:
        return []
    training = history.get("training", {})
    last = {name: history[name] for name in (
        "trainer", "version", "data", "steps", "seconds", "torch", "backend", "device", "model")
        if name in history}
    last.update({name: training[name] for name in (
        "damage", "batch_size", "learning_rate", "seed") if name in training})
    return history.get("earlier_runs", []) + [last]


def train(arguments):
    options = parser().parse_args(arguments)
    device = torch.device(options.device)
    is_gpu = device.type == "cuda"
    options.precision = options.precision or ("bf16" if is_gpu else "float32")
    options.pool = max(options.pool or (POOL if is_gpu else 0), options.batch_size)
    if options.threads:
        torch.set_num_threads(options.threads)
    # Damage is drawn in full precision; the network's convolutions have that of --precision.
    torch.backends.cudnn.allow_tf32 = False

    start, name = beginning(options)
    found = [picture for _, picture in read(options.pictures, options.crop)]
    if not found:
        raise ValueError(f"{options.pictures[0]}: no picture of at least "
                         f"{options.crop}x{options.crop} pixels")
    trained, held_out = split(found, options.validation_share, options.seed)
    trained, held_out = ([
        picture for picture in with_halves(part, options.halved)
        if min(picture.shape[:2]) >= options.crop] for part in (trained, held_out))
    before = earlier_runs(start.history)

    def describe(history):
        history = {"data": [pathlib.Path(path).name for path in options.pictures], **history}
        if name is not None:
            history["started_from"] = name
            history["earlier_runs"] = before
        return history

    run = Run(options, start, Pictures(trained, device),
              Pictures(held_out, device) if held_out else None, device, describe)
    count = sum(parameter.numel() for parameter in run.weights.all)
    say(f"{count:,} parameters, {len(trained)} pictures, {len(held_out)} held out, on "
        f"{run.history()['device']}, torch {torch.__version__}")
    if options.resume and run.checkpoint_path.exists():
        run.resume()
        say(f"resumed at step {run.step}, {run.seconds:.0f} s")
    stopped = []
    ends = (signal.SIGINT, signal.SIGTERM)
    for number in ends:
        signal.signal(number, lambda *_: stopped.append(True))
    # Who started this may have put signals off.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
    run.train(say, lambda: bool(stopped))
    if stopped:
        run.write_checkpoint()
        say(f"stopped at step {run.step}; go on with --resume")
        return 130
    say(run.validate())
    run.write_model(options.output, options.half)
    if options.keep_checkpoint:
        run.write_checkpoint()
    else:
        run.checkpoint_path.unlink(missing_ok=True)
    say(f"{options.output}: {run.step} steps in {run.seconds:.0f} s")
    return 0


def say(text):
    print(text, file=sys.stderr, flush=True)


def main(arguments):
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    try:
        if command == "pack":
            import pack
            return pack.main(rest)
        if command == "sheet":
            import sheet
            return sheet.main(rest)
        if command == "check":
            import check
            return check.main(rest)
        return train(arguments)
    except (OSError, ValueError, ArithmeticError) as error:
        say(f"train-on-gpu: {error}")
        return 66 if isinstance(error, FileNotFoundError) else 65


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
