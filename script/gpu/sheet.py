"""Draws pieces before and after damage, two rows of pieces for each kind, to be looked at."""

import argparse

import numpy as np
import torch
from PIL import Image

import damage
from draw import Draw
from pictures import Pictures, read


def main(arguments):
    parser = argparse.ArgumentParser(prog="train-on-gpu sheet", description=__doc__)
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("-o", "--output", required=True, help="SHEET.png")
    parser.add_argument("--damage", choices=list(damage.MIXTURES), default="denoise")
    parser.add_argument("--kind", action="append", help="one kind of damage; all without it")
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--side", type=int, default=96)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    pictures = Pictures([picture for _, picture in read(options.pictures, options.side)], "cpu")
    mixture, lines = damage.MIXTURES[options.damage], []
    for number, kind in enumerate(options.kind or mixture.shares):
        draw = Draw("cpu", options.seed, number)
        chosen = draw.integers(options.columns, below=pictures.count)
        clean = pictures.pieces(chosen, options.side, draw)
        only = damage.Mixture(
            {kind: 1}, gray=mixture.gray, rounded=mixture.rounded, drawn=mixture.drawn,
            unknown=mixture.unknown)
        pool = damage.damage(clean, only, draw)
        levels = pool.maps[:, damage.LUMA_NOISE:damage.CHROMA_NOISE + 1].mean((2, 3)) * 255
        print(f"{kind}: luma and chroma {[tuple(round(v, 1) for v in row) for row in levels.tolist()]}")
        for planes in (pool.clean, pool.observation):
            lines.append(torch.cat(planes.unbind(0), 2))
    sheet = (torch.cat(lines, 1).clamp(0, 1) * 255).round().permute(1, 2, 0)
    Image.fromarray(sheet.numpy().astype(np.uint8)).save(options.output)
    return 0
