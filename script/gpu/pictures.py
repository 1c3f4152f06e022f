"""Pictures to train on: folders and packs, as bytes on the device; pieces are gathered there."""

import io
import pathlib
import sys
import zipfile

import numpy as np
import torch
from PIL import Image, ImageOps


SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
# A pack is a plain zip archive of pictures.
PACK = ".zip"
# Above this extent a picture takes part at half its size too, as with `latent train --halved`.
LARGE = 1000


def opened(name, file):
    """`[H, W, 3]` bytes, upright."""
    with Image.open(file) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def sources(paths):
    """Names and readable files of all pictures, in order."""
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.suffix.lower() in SUFFIXES:
                    yield str(file), file
        elif path.suffix == PACK:
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield f"{path}/{name}", io.BytesIO(archive.read(name))
        elif path.exists():
            yield str(path), path
        else:
            raise FileNotFoundError(f"{path}: no such file or folder of pictures")


def read(paths, smallest):
    """All pictures of at least `smallest` pixels a side; those left out are told of."""
    for name, file in sources(paths):
        try:
            picture = opened(name, file)
        except Exception as error:
            print(f"{name}: not a picture that can be read ({error}); left out", file=sys.stderr)
            continue
        if min(picture.shape[:2]) < smallest:
            height, width = picture.shape[:2]
            print(f"{name}: {width}x{height} pixels, expected at least {smallest}x{smallest}; "
                  "left out", file=sys.stderr)
            continue
        yield name, picture


def halved(picture):
    """Means of two by two pixels."""
    height, width = (extent // 2 * 2 for extent in picture.shape[:2])
    cells = picture[:height, :width].reshape(height // 2, 2, width // 2, 2, 3).astype(np.uint16)
    return ((cells.sum((1, 3)) + 2) // 4).astype(np.uint8)


class Pictures:
    """Bytes of all pictures, one after the other, on the device."""

    def __init__(self, pictures, device):
        """pictures: `[H, W, 3]` arrays of bytes."""
        heights = np.array([picture.shape[0] for picture in pictures])
        widths = np.array([picture.shape[1] for picture in pictures])
        areas = heights.astype(np.int64) * widths
        flat = np.concatenate([picture.reshape(-1, 3) for picture in pictures])
        self.device = torch.device(device)
        self.bytes = torch.from_numpy(flat).to(device)
        self.heights = torch.from_numpy(heights).to(device)
        self.widths = torch.from_numpy(widths).to(device)
        self.offsets = torch.from_numpy(np.cumsum(areas) - areas).to(device)
        self.count = len(pictures)

    def pieces(self, chosen, side, draw, candidates=1):
        """Pieces of pictures `[N]`, in any of a square's eight positions: `[N, 3, side, side]` in
        0...1. Each is the most detailed of so many candidates."""
        count = len(chosen)
        heights, widths = self.heights[chosen], self.widths[chosen]
        best, most = None, None
        for _ in range(candidates):
            top = draw.integers(count, below=heights - side + 1)
            left = draw.integers(count, below=widths - side + 1)
            pieces = self.gathered(chosen, top, left, side)
            if candidates == 1:
                best = pieces
                break
            detail = ((pieces[:, 1:] - pieces[:, :-1]).abs().sum((1, 2, 3))
                      + (pieces[:, :, 1:] - pieces[:, :, :-1]).abs().sum((1, 2, 3)))
            if best is None:
                best, most = pieces, detail
            else:
                best = torch.where((detail > most).view(-1, 1, 1, 1), pieces, best)
                most = torch.maximum(most, detail)
        turned, mirrored, flipped = (
            draw.chance(count, share=0.5).view(-1, 1, 1, 1) for _ in range(3))
        best = torch.where(flipped, best.flip(1), best)
        best = torch.where(mirrored, best.flip(2), best)
        best = torch.where(turned, best.transpose(1, 2), best)
        return best.permute(0, 3, 1, 2) / 255

    def gathered(self, chosen, top, left, side):
        """`[N, side, side, 3]` in 0...255."""
        steps = torch.arange(side, device=self.device)
        widths = self.widths[chosen].view(-1, 1, 1)
        first = self.offsets[chosen] + top * self.widths[chosen] + left
        place = first.view(-1, 1, 1) + steps[None, :, None] * widths + steps[None, None, :]
        return self.bytes[place].float()


def order(count, seed):
    """Which picture every piece of a run comes from: all pictures, shuffled anew each time. A function
    of the first piece's number and how many are wanted."""
    def indices(first, number):
        epochs = range(first // count, (first + number) // count + 1)
        shuffled = [np.random.default_rng([seed, 7, epoch]).permutation(count) for epoch in epochs]
        return np.concatenate(shuffled)[first % count:][:number]
    return indices
