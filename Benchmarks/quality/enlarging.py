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
    own = {model: [f"**latent {context.label(model)}**"] for model in context.models}
    for set_name in SETS:
        for scale in SCALES:
            pairs = pictures.pairs(context.data, set_name, scale, context.limit)
            figures = context.peers.enlarged(set_name, pairs, scale)
            bicubic.append(mean(figures) if len(figures) == len(pairs) else None)
            for model in context.models:
                found = enlarged(context, pairs, scale, model)
                section.figures[f"{set_name}, x{scale}, {context.label(model)}"] = found
                own[model].append(mean(found))
                section.goal(f"{set_name} x{scale}, {context.label(model)}", mean(found),
                             published.SUPER_GOAL.get((set_name, scale)))
    section.add(*table(header, [*rows, bicubic, *own.values()]))
    return section


def enlarged(context, pairs, scale, model):
    """PSNR on Y by picture."""
    with context.workspace() as folder:
        files = {}
        for name, (small, _) in pairs.items():
            files[name] = folder / f"{name}.png"
            pictures.write(files[name], small)
        results = context.latent.restored("upscale", model, folder / "large", files, "-s", scale)
    return {n: measure.luma_psnr(r, pairs[n][1], scale) for n, r in results.items()}
