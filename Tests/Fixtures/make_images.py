#!/usr/bin/env python3
"""Makes the pictures in images/ and what they decode to. Needs Pillow and NumPy.

Every picture NAME has NAME.raw beside it: the samples as a reader must deliver them (after
palette, transparency and orientation), row by row; 16-bit samples little-endian. For JPEG the
samples are those of Pillow's decoder, which is libjpeg-turbo too. images/expected.txt lists
name, width, height, channels and depth. Files in images/damaged/ must be refused.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).resolve().parent / "images"
DAMAGED = HERE / "damaged"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
listing = []


def expect(name, samples):
    """Notes what NAME decodes to; samples are [H, W, C] of uint8 or uint16."""
    height, width, channels = samples.shape
    depth = 16 if samples.dtype == np.uint16 else 8
    listing.append(f"{name} {width} {height} {channels} {depth}")
    little = samples.astype("<u2") if depth == 16 else samples
    (HERE / f"{name}.raw").write_bytes(little.tobytes())


def chunk(kind, content):
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def packed_rows(samples, depth):
    """Rows of [H, W, C] samples with filter type 0."""
    rows = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            content = row.astype(">u2").tobytes()
        elif depth == 8:
            content = row.astype(np.uint8).tobytes()
        else:
            bits = "".join(format(int(v), f"0{depth}b") for v in row)
            bits += "0" * (-len(bits) % 8)
            content = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
        rows += b"\0" + content
    return rows


def png(samples, depth, colour_type, interlaced=False, before=b"", after=b""):
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    if interlaced:
        data = b""
        for x, y, dx, dy in ADAM7:
            part = samples[y::dy, x::dx]
            if part.size:
                data += packed_rows(part, depth)
    else:
        data = packed_rows(samples, depth)
    return (
        PNG_SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(data, 9))
        + after + chunk(b"IEND", b"")
    )


def picture(width, height, channels, largest, seed):
    """Smooth colour with some noise, so that rows and channels cannot be confused."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        x / width * 0.8 + 0.1, y / height * 0.8 + 0.1, 0.5 + 0.4 * np.sin(x * 0.7 + y * 0.3),
        (x + y) / (width + height),
    ]
    values = np.stack(planes[:channels], axis=-1) + random.uniform(-0.1, 0.1, (height, width, channels))
    return np.round(np.clip(values, 0, 1) * largest).astype(np.uint16 if largest > 255 else np.uint8)


def make_png():
    kinds = {0: ("grey", 1), 2: ("rgb", 3), 3: ("palette", 1), 4: ("grey-alpha", 2), 6: ("rgba", 4)}
    depths = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
    random = np.random.default_rng(1)
    for colour_type, (kind, channels) in kinds.items():
        for depth in depths[colour_type]:
            for interlaced in (False, True):
                for transparent in (False, True) if colour_type in (0, 2, 3) else (False,):
                    # 13 x 11: no multiple of a byte's pixels nor of Adam7's pattern.
                    largest = (1 << depth) - 1
                    samples = picture(13, 11, channels, largest, depth + colour_type)
                    before = b""
                    decoded = samples
                    if colour_type == 3:
                        colours = random.integers(0, 256, (largest + 1, 3)).astype(np.uint8)
                        before = chunk(b"PLTE", colours.tobytes())
                        decoded = colours[samples[:, :, 0]]
                        if transparent:
                            # Fewer entries than colours: the rest is opaque.
                            alpha = random.integers(0, 256, (largest + 1) // 2 + 1).astype(np.uint8)
                            alpha = alpha[: largest + 1]
                            before += chunk(b"tRNS", alpha.tobytes())
                            full = np.full(largest + 1, 255, np.uint8)
                            full[: len(alpha)] = alpha
                            decoded = np.dstack([decoded, full[samples[:, :, 0]]])
                    else:
                        if depth < 8:
                            decoded = (samples * (255 // largest)).astype(np.uint8)
                        if transparent:
                            samples[3:6, 4:9] = samples[5, 5]
                            colour = samples[5, 5]
                            if depth < 8:
                                decoded = (samples * (255 // largest)).astype(np.uint8)
                            before = chunk(b"tRNS", b"".join(struct.pack(">H", int(c)) for c in colour))
                            top = 65535 if depth == 16 else 255
                            alpha = np.where((samples == colour).all(axis=-1), 0, top)
                            decoded = np.dstack([decoded, alpha.astype(decoded.dtype)])
                    name = f"{kind}-{depth}" + ("-trns" if transparent else "") + (
                        "-interlaced" if interlaced else "") + ".png"
                    (HERE / name).write_bytes(png(samples, depth, colour_type, interlaced, before))
                    expect(name, decoded)
    one = picture(1, 1, 3, 255, 9)
    (HERE / "one-pixel.png").write_bytes(png(one, 8, 2))
    expect("one-pixel.png", one)


def exif(orientation, order="<"):
    """A TIFF stream with ImageDescription, Orientation and PixelXDimension's parent IFD."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    text = b"latent\0\0"
    entries = [
        struct.pack(order + "HHII", 0x010E, 2, 7, 8 + 2 + 2 * 12 + 4),
        struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0),
    ]
    return (
        mark + struct.pack(order + "I", 8) + struct.pack(order + "H", 2) + b"".join(entries)
        + struct.pack(order + "I", 0) + text
    )


def stored(samples, orientation):
    """The pixels a camera stores so that the orientation brings `samples` back."""
    inverse = {
        1: lambda s: s, 2: lambda s: s[:, ::-1], 3: lambda s: s[::-1, ::-1], 4: lambda s: s[::-1],
        5: lambda s: s.transpose(1, 0, 2), 6: lambda s: np.rot90(s, 1),
        7: lambda s: s[::-1, ::-1].transpose(1, 0, 2), 8: lambda s: np.rot90(s, -1),
    }
    return np.ascontiguousarray(inverse[orientation](samples))


def profile():
    """sRGB, with a fixed date of making."""
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    content[24:36] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(content)


def make_metadata_png():
    samples = picture(7, 5, 3, 255, 3)
    for orientation in range(1, 9):
        order = "<" if orientation % 2 else ">"
        block = chunk(b"eXIf", exif(orientation, order))
        first = orientation <= 4
        name = f"orientation-{orientation}.png"
        (HERE / name).write_bytes(
            png(stored(samples, orientation), 8, 2, before=block if first else b"",
                after=b"" if first else block))
        expect(name, samples)
    text = (
        chunk(b"tEXt", b"Title\0Caf\xe9")
        + chunk(b"zTXt", b"Description\0\0" + zlib.compress(b"long " * 20))
        + chunk(b"iTXt", b"Author\0\0\0de\0Autor\0" + "Żółć 漢字".encode())
        + chunk(b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress("Größe".encode()))
    )
    icc = chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(profile()))
    name = "metadata.png"
    (HERE / name).write_bytes(png(samples, 8, 2, before=icc + text))
    expect(name, samples)
    # Damage in ancillary chunks must not lose the picture.
    broken = bytearray(icc)
    broken[30] ^= 0xFF
    bad = bytes(broken) + chunk(b"gAMA", b"\0") + chunk(b"zTXt", b"Title\0\0not zlib")
    bad += chunk(b"tRNS", b"\0") + chunk(b"eXIf", b"II*\0\xff\xff\xff\x7f")
    (HERE / "bad-ancillary.png").write_bytes(png(samples, 8, 2, before=bad))
    expect("bad-ancillary.png", samples)


def decoded(data):
    with Image.open(io.BytesIO(data)) as image:
        samples = np.asarray(image)
    return samples[:, :, None] if samples.ndim == 2 else samples


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def keep_jpeg(name, data, samples=None):
    (HERE / name).write_bytes(data)
    expect(name, decoded(data) if samples is None else samples)


def segment(code, content):
    return bytes([0xFF, code]) + struct.pack(">H", len(content) + 2) + content


def without_adobe(data):
    start = data.index(b"\xff\xeeXXAdobe".replace(b"XX", struct.pack(">H", 14)))
    return data[:start] + data[start + 16 :]


def make_jpeg():
    colour = Image.fromarray(picture(35, 21, 3, 255, 5))
    grey = colour.convert("L")
    keep_jpeg("grey.jpg", jpeg(grey, quality=90))
    keep_jpeg("ycbcr-444.jpg", jpeg(colour, quality=90, subsampling=0))
    keep_jpeg("ycbcr-420.jpg", jpeg(colour, quality=90, subsampling=2))
    keep_jpeg("ycbcr-422.jpg", jpeg(colour, quality=90, subsampling=1))
    keep_jpeg("progressive.jpg", jpeg(colour, quality=90, progressive=True))
    keep_jpeg("restart.jpg", jpeg(colour, quality=90, restart_marker_blocks=1))
    keep_jpeg("rgb.jpg", jpeg(colour, quality=90, keep_rgb=True))
    base = jpeg(colour, quality=90, subsampling=0)
    frame = base.index(b"\xff\xc0")
    keep_jpeg("padding.jpg", base[:frame] + b"\0\0\0" + base[frame:-2] + b"\0\0" + base[-2:])
    make_inks()
    # Orientation, both byte orders.
    for orientation in range(1, 9):
        upright = picture(24, 16, 3, 255, 6)
        data = jpeg(Image.fromarray(stored(upright, orientation)), quality=95, subsampling=0,
                    exif=b"Exif\0\0" + exif(orientation, "<" if orientation % 2 else ">"))
        turn = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}[orientation]
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            samples = np.asarray(image if turn is None else image.transpose(Image.Transpose(turn)))
        keep_jpeg(f"orientation-{orientation}.jpg", data, samples)
    keep_jpeg("comment.jpg", jpeg(colour, quality=90, comment="Größe\0".encode()))
    icc = profile()
    keep_jpeg("icc-one.jpg", jpeg(colour, quality=90, icc_profile=icc))
    # The profile in four parts, not in order.
    cut = (len(icc) + 3) // 4
    parts = [segment(0xE2, b"ICC_PROFILE\0" + bytes([i + 1, 4]) + icc[i * cut : (i + 1) * cut]) for i in range(4)]
    keep_jpeg("icc-parts.jpg", base[:2] + parts[2] + parts[0] + parts[3] + parts[1] + base[2:])
    keep_jpeg("icc-missing-part.jpg", base[:2] + parts[2] + parts[0] + base[2:])
    (HERE / "srgb.icc").write_bytes(icc)
    return base


def make_inks():
    inks = picture(35, 21, 4, 255, 8)

    def rgb(light):
        light = light.astype(int)
        return ((light[:, :, :3] * light[:, :, 3:] + 127) // 255).astype(np.uint8)

    # Pillow inverts CMYK on the way out and in, which is Adobe's convention.
    adobe = jpeg(Image.fromarray(inks, "CMYK"), quality=95, subsampling=0)
    light = 255 - decoded(adobe)
    keep_jpeg("cmyk-adobe.jpg", adobe, rgb(light))
    plain = without_adobe(jpeg(Image.fromarray(255 - inks, "CMYK"), quality=95, subsampling=0))
    keep_jpeg("cmyk-plain.jpg", plain, rgb(decoded(plain)))
    # YCCK: transform 2 takes the first three, inverted, for YCbCr, so these are the inks.
    ycc = np.asarray(Image.fromarray(inks[:, :, :3]).convert("YCbCr"))
    four = np.dstack([ycc, 255 - inks[:, :, 3]])
    ycck = bytearray(jpeg(Image.fromarray(255 - four, "CMYK"), quality=95, subsampling=0))
    mark = ycck.index(b"Adobe")
    ycck[mark + 11] = 2
    keep_jpeg("ycck-adobe.jpg", bytes(ycck), rgb(255 - decoded(bytes(ycck))))


def make_damaged(base):
    samples = picture(13, 11, 3, 255, 2)
    whole = png(samples, 8, 2)
    (DAMAGED / "empty.png").write_bytes(b"")
    (DAMAGED / "text.png").write_bytes(b"this is no picture\n")
    (DAMAGED / "signature-only.png").write_bytes(PNG_SIGNATURE)
    (DAMAGED / "truncated-header.png").write_bytes(whole[:20])
    (DAMAGED / "truncated-data.png").write_bytes(whole[: len(whole) // 2])
    (DAMAGED / "no-iend.png").write_bytes(whole[:-12])
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x10
    (DAMAGED / "bad-crc.png").write_bytes(flipped)
    (DAMAGED / "zero-width.png").write_bytes(
        PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 5, 8, 2, 0, 0, 0)) + whole[33:])
    (DAMAGED / "oversized.png").write_bytes(
        PNG_SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)) + whole[33:])
    long = bytearray(png(samples, 8, 2, before=chunk(b"tEXt", b"Title\0text")))
    long[33] = 0x70
    (DAMAGED / "long-chunk.png").write_bytes(long)
    short = PNG_SIGNATURE + whole[8:33] + chunk(b"IDAT", zlib.compress(packed_rows(samples[:5], 8)))
    (DAMAGED / "missing-rows.png").write_bytes(short + chunk(b"IEND", b""))
    (DAMAGED / "no-palette.png").write_bytes(png(samples[:, :, :1], 8, 3))
    progressive = (HERE / "progressive.jpg").read_bytes()
    (DAMAGED / "signature-only.jpg").write_bytes(b"\xff\xd8\xff")
    (DAMAGED / "truncated-header.jpg").write_bytes(base[:100])
    (DAMAGED / "truncated-data.jpg").write_bytes(base[: len(base) * 3 // 4])
    (DAMAGED / "truncated-progressive.jpg").write_bytes(progressive[: len(progressive) * 3 // 4])
    scan = base.index(b"\xff\xda")
    hole = bytearray(base)
    hole[scan + 40 : scan + 80] = b"\xff\x55" * 20
    (DAMAGED / "corrupt-scan.jpg").write_bytes(hole)
    frame = base.index(b"\xff\xc0")
    large = bytearray(base)
    large[frame + 5 : frame + 9] = b"\xff\xdc\xff\xdc"
    (DAMAGED / "oversized.jpg").write_bytes(large)
    small = Image.fromarray(samples)
    for kind in ("WEBP", "GIF", "TIFF", "BMP"):
        stream = io.BytesIO()
        small.save(stream, kind)
        (DAMAGED / f"foreign-{kind.lower()}.png").write_bytes(stream.getvalue())
    (DAMAGED / "foreign-heic.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


if __name__ == "__main__":
    DAMAGED.mkdir(parents=True, exist_ok=True)
    make_png()
    make_metadata_png()
    make_damaged(make_jpeg())
    (HERE / "expected.txt").write_text("\n".join(listing) + "\n")
