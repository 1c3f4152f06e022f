"""Gaussian noise: BSD68 in gray, Kodak24 in color."""

import damage
import measure
import pictures
import published
from report import Section, mean, table


def gray(context):
    section = Section()
    clean = context.pictures("bsd68")
    rows = [[f"{name} (published)", *values] for name, values in published.BSD68.items()]
    rows += peers(context, section, "BM3D (measured)", "bsd68", clean)
    for contender in context.contenders:
        rows += measured(context, section, "bsd68", clean, contender, published.BSD68_GOAL)
    section.add(*table(["BSD68, gray", *[f"σ {s}" for s in published.SIGMAS]], rows))
    return section


def color(context):
    section = Section()
    clean = context.pictures("kodak24")
    rows = [[f"{name} (published, 500x500 crops)", *v] for name, v in published.KODAK24.items()]
    rows += peers(context, section, "CBM3D (measured)", "kodak24", clean)
    for contender in context.contenders:
        rows += measured(
            context, section, "kodak24", clean, contender, published.KODAK24_GOAL)
    section.add(*table(["Kodak24, color", *[f"σ {s}" for s in published.SIGMAS]], rows))
    return section


def peers(context, section, label, set_name, clean):
    """One row, or none where nothing is measured. A mean stands only for the whole set."""
    found = [context.peers.denoised(set_name, clean, sigma) for sigma in published.SIGMAS]
    section.figures[label] = dict(zip(published.SIGMAS, found))
    if not any(found):
        return []
    return [[label, *[mean(f) if len(f) == len(clean) else None for f in found]]]


def measured(context, section, set_name, clean, contender, goals):
    """With the noise level given, and estimated if there are no options."""
    ways = ["given"] if contender.options else ["given", "estimated"]
    rows = {label: [] for label in ways}
    title = contender.title
    for sigma, goal in zip(published.SIGMAS, goals):
        with context.workspace() as folder:
            files = {}
            for name, picture in clean.items():
                files[name] = folder / f"{name}.npy"
                pictures.write_array(files[name], damage.noisy(picture, sigma, name))
            for label in ways:
                options = ["--sigma", sigma] if label == "given" else []
                results = context.latent.restored(
                    "denoise", contender.model, folder / label, files, *contender.options,
                    *options)
                found = {n: measure.psnr(r, clean[n]) for n, r in results.items()}
                section.figures[f"{title}, {label}, {sigma}"] = found
                rows[label].append(mean(found))
        what = f"{set_name} at sigma {sigma}, {title}"
        section.goal(what, rows["given"][-1], goal)
        if "estimated" in rows:
            section.goal(
                f"{what}, lost by estimating sigma", rows["given"][-1] - rows["estimated"][-1],
                published.ESTIMATED_LOSS, upwards=False)
    titles = {"given": f"**latent {title}**", "estimated": f"latent {title}, σ estimated"}
    return [[titles[label], *values] for label, values in rows.items()]
