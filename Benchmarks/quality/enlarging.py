"""Super-resolution: Set5 and Set14, PSNR on Y without a border of `scale` pixels."""

import measure
import pictures
import published
from report import Section, mean, table

SETS = {"set5": ("Set5", published.SET5), "set14": ("Set14", published.SET14)}
SCALES = [2, 3, 4]


def run(context):
    section = Section()
    header = [""] + [f"{title} x{scale}" for title, _ in SETS.values() for scale in SCALES]
    rows = [[f"{name} (published)", *published.SET5[name], *published.SET14[name]]
            for name in published.SET5]
    bicubic = ["bicubic (measured)"]
    own = {contender: [f"**latent {contender.title}**"] for contender in context.contenders}
    for set_name in SETS:
        for scale in SCALES:
            pairs = pictures.pairs(context.data, set_name, scale, context.limit)
            figures = context.peers.enlarged(set_name, pairs, scale)
            bicubic.append(mean(figures) if len(figures) == len(pairs) else None)
            for contender in context.contenders:
                found = enlarged(context, pairs, scale, contender)
                section.figures[f"{set_name}, x{scale}, {contender.title}"] = found
                own[contender].append(mean(found))
                section.goal(f"{set_name} x{scale}, {contender.title}", mean(found),
                             published.SUPER_GOAL.get((set_name, scale)))
    section.add(*table(header, [*rows, bicubic, *own.values()]))
    return section


def enlarged(context, pairs, scale, contender):
    """PSNR on Y by picture."""
    with context.workspace() as folder:
        files = {}
        for name, (small, _) in pairs.items():
            files[name] = folder / f"{name}.png"
            pictures.write(files[name], small)
        results = context.latent.restored(
            "upscale", contender.model, folder / "large", files, *contender.options, "-s", scale)
    return {n: measure.luma_psnr(r, pairs[n][1], scale) for n, r in results.items()}
