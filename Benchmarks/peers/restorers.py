"""The programs that latent is measured against, as functions of one picture.

Pictures are arrays [H, W] or [H, W, 3] on the 0-255 scale, masks are true where a pixel is hidden.
Results are neither rounded nor clipped unless the program itself does so.
"""

import numpy

# A mask with more holes than this, as a share of all pixels, is filled in tiles by `biharmonic`:
# the system of a whole photograph has hundreds of thousands of unknowns.
DENSE = 0.3
TILE = 128
HALO = 16


def bm3d(noisy, sigma):
    """BM3D of a gray picture, CBM3D of one in color (the authors' package, default profile)."""
    import bm3d as package

    restore = package.bm3d if noisy.ndim == 2 else package.bm3d_rgb
    return 255 * numpy.squeeze(restore(noisy / 255, sigma / 255))


def non_local_means(noisy, strength=3):
    """OpenCV's, for pictures in color, [H, W, 3] of whole numbers 0-255."""
    import cv2

    blue_first = numpy.ascontiguousarray(noisy[..., ::-1].astype(numpy.uint8))
    result = cv2.fastNlMeansDenoisingColored(blue_first, None, strength, strength)
    return result[..., ::-1].astype(numpy.float64)


def telea(picture, hidden, radius):
    """OpenCV's fast-marching inpainting (Telea 2004)."""
    import cv2

    return cv2.inpaint(
        eight_bit(picture), hidden.astype(numpy.uint8), radius, cv2.INPAINT_TELEA)


def navier_stokes(picture, hidden, radius):
    """OpenCV's inpainting by fluid dynamics (Bertalmio, Bertozzi and Sapiro 2001)."""
    import cv2

    return cv2.inpaint(eight_bit(picture), hidden.astype(numpy.uint8), radius, cv2.INPAINT_NS)


def biharmonic(picture, hidden):
    """scikit-image's biharmonic inpainting.

    Dense random masks are filled in tiles of 128 pixels that see 16 more on every side: with seen
    pixels everywhere, what lies further away does not count.
    """
    from skimage.restoration import inpaint_biharmonic

    channel_axis = None if picture.ndim == 2 else 2
    unit = numpy.where(hidden if picture.ndim == 2 else hidden[:, :, None], 0, picture / 255)
    if hidden.mean() < DENSE:
        return 255 * inpaint_biharmonic(unit, hidden, channel_axis=channel_axis)
    filled = numpy.empty_like(unit)
    height, width = hidden.shape
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            y, x = max(top - HALO, 0), max(left - HALO, 0)
            seen = (slice(y, top + TILE + HALO), slice(x, left + TILE + HALO))
            tile = inpaint_biharmonic(unit[seen], hidden[seen], channel_axis=channel_axis)
            part = tile[top - y:top - y + TILE, left - x:left - x + TILE]
            filled[top:top + TILE, left:left + TILE] = part
    return 255 * filled


def frequency_selective(picture, hidden):
    """OpenCV's (contrib, xphoto) rapid frequency-selective reconstruction, its fast profile (Genser,
    Seiler, Jonscher and Kaup 2018)."""
    import cv2

    color = picture.ndim == 3
    seen = eight_bit(picture[..., ::-1] if color else picture)
    filled = numpy.zeros_like(seen)
    cv2.xphoto.inpaint(
        numpy.ascontiguousarray(seen), numpy.where(hidden, 0, 255).astype(numpy.uint8), filled,
        cv2.xphoto.INPAINT_FSR_FAST)
    return filled[..., ::-1] if color else filled


def ffdnet():
    """A function that puts a picture in color through FFDNet (Zhang, Zuo and Zhang 2018, table 1: 12
    layers of 96 channels at half the extent) with random weights, in PyTorch: for its time alone."""
    import torch
    from torch import nn

    layers = [nn.Conv2d(15, 96, 3, padding=1), nn.ReLU()]
    for _ in range(10):
        layers += [nn.Conv2d(96, 96, 3, padding=1), nn.ReLU()]
    network = nn.Sequential(*layers, nn.Conv2d(96, 12, 3, padding=1)).eval()
    network = network.to(memory_format=torch.channels_last)

    def restore(noisy, sigma):
        with torch.inference_mode():
            picture = torch.from_numpy(noisy.astype(numpy.float32) / 255).permute(2, 0, 1)[None]
            parts = nn.functional.pixel_unshuffle(picture, 2)
            levels = torch.full_like(parts[:, :3], sigma / 255)
            seen = torch.cat([parts, levels], 1).to(memory_format=torch.channels_last)
            result = nn.functional.pixel_shuffle(network(seen), 2)
        return 255 * result[0].permute(1, 2, 0).numpy()

    return restore


def bicubic(picture, scale):
    """Bicubic enlargement, Keys' kernel with a = -0.5 and mirrored edges, as MATLAB's imresize."""
    return _enlarged(_enlarged(picture.astype(numpy.float64), scale, 0), scale, 1)


def _enlarged(picture, scale, axis):
    extent = picture.shape[axis]
    position = (numpy.arange(extent * scale) + 0.5) / scale - 0.5
    first = numpy.floor(position).astype(int) - 1
    total = 0
    for tap in range(4):
        place = first + tap
        distance = numpy.abs(position - place)
        weight = numpy.where(
            distance <= 1, 1.5 * distance**3 - 2.5 * distance**2 + 1,
            -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2)
        place = numpy.where(place < 0, -1 - place, place)
        place = numpy.where(place >= extent, 2 * extent - 1 - place, place)
        shape = [-1 if a == axis else 1 for a in range(picture.ndim)]
        total = total + weight.reshape(shape) * numpy.take(picture, place, axis)
    return total


def eight_bit(picture):
    """Rounded and clipped to 0, 1, ... 255."""
    return numpy.clip(numpy.rint(picture), 0, 255).astype(numpy.uint8)
