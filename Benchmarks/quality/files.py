"""Pictures as files have them: real noise of cameras, JPEG artifacts, and clean ones, which are to stay
what they are. All blind: latent is told nothing but the file."""

import io

import drawn
import measure
import pictures
import published
from PIL import Image
from report import Section, mean, table


def real(context):
    """One shot against the mean of many: folder polyu, NAME_real and NAME_mean."""
    section = Section()
    noisy, clean = pictures.shots(context.data, "polyu", context.limit)
    before = {name: measure.psnr(pictures.read(file), clean[name]) for name, file in noisy.items()}
    rows = [["the noisy pictures", mean(before), None, None]]
    smoothed = context.peers.smoothed("polyu", noisy, clean)
    if smoothed:
        rows.append(["non-local means, strength 3 (OpenCV)", mean(smoothed),
                     *gains(smoothed, before)])
    for contender in context.contenders:
        with context.workspace() as folder:
            results = context.latent.restored(
                "denoise", contender.model, folder / "out", noisy, *contender.options)
        found = {name: measure.psnr(result, clean[name]) for name, result in results.items()}
        section.figures[contender.title] = found
        rows.append([f"**latent {contender.title}**", mean(found), *gains(found, before)])
        section.goal(f"real noise, {contender.title}", mean(found), published.REAL_GOAL)
        section.goal(f"real noise, {contender.title}, the worst change",
                     min(found[n] - before[n] for n in found), -0.1)
    section.figures["noisy"] = before
    section.add(*table(["PolyU, 50 pairs", "dB", "gain", "worst gain"], rows))
    return section


def gains(found, before):
    """The mean gain, and the least."""
    changes = [found[name] - before[name] for name in found]
    return [mean(changes), min(changes)]


def jpeg(context):
    """Kodak24 coded by libjpeg with color at half resolution."""
    section = Section()
    clean = context.pictures("kodak24")
    decoded, restored = [], {contender.title: [] for contender in context.contenders}
    for quality in published.QUALITIES:
        with context.workspace() as folder:
            files = {}
            for name, picture in clean.items():
                files[name] = folder / f"{name}.jpg"
                files[name].write_bytes(coded(picture, quality))
            decoded.append(mean({n: measure.psnr(pictures.read(files[n]), clean[n])
                                 for n in files}))
            for contender in context.contenders:
                results = context.latent.restored(
                    "denoise", contender.model, folder / contender.title.replace(" ", ""), files,
                    *contender.options)
                found = {n: measure.psnr(r, clean[n]) for n, r in results.items()}
                section.figures[f"{contender.title}, q {quality}"] = found
                restored[contender.title].append(mean(found))
                section.goal(f"kodak24 at q {quality}, {contender.title}, above decoded",
                             mean(found) - decoded[-1], published.JPEG_GAIN)
    rows = [["decoded", *decoded]]
    rows += [[f"**latent {title}**", *values] for title, values in restored.items()]
    header = ["Kodak24, JPEG 4:2:0", *[f"q {quality}" for quality in published.QUALITIES]]
    section.add(*table(header, rows))
    return section


def coded(picture, quality):
    """A JPEG file with color at half resolution."""
    file = io.BytesIO()
    Image.fromarray(picture.astype("uint8")).save(file, "JPEG", quality=quality, subsampling=2)
    return file.getvalue()


def clean(context):
    """How far clean pictures come from themselves: photographs, and drawn ones one by one."""
    section = Section()
    photographs = context.pictures("kodak24")
    drawings = drawn.all_pictures()
    rows = []
    for contender in context.contenders:
        found = {}
        for kind, originals in [("photographs", photographs), ("drawn", drawings)]:
            with context.workspace() as folder:
                files = {}
                for name, picture in originals.items():
                    files[name] = folder / f"{name}.png"
                    pictures.write(files[name], picture)
                results = context.latent.restored(
                    "denoise", contender.model, folder / "out", files, *contender.options)
            found[kind] = {n: measure.psnr(r, originals[n]) for n, r in results.items()}
        section.figures[contender.title] = found
        least = min(found["drawn"], key=found["drawn"].get)
        rows.append([f"**latent {contender.title}**", mean(found["photographs"]),
                     min(found["photographs"].values()), mean(found["drawn"]),
                     f"{found['drawn'][least]:.2f} ({least})"])
        section.goal(f"clean photographs, {contender.title}", mean(found["photographs"]),
                     published.CLEAN_PHOTOGRAPHS)
        section.goal(f"clean drawings, {contender.title}, the least", found["drawn"][least],
                     published.CLEAN_DRAWINGS)
    header = ["clean in, clean out", "Kodak24, mean", "least", "drawn, mean", "least"]
    section.add(*table(header, rows))
    return section
