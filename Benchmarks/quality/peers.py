"""Figures of the programs that latent is compared with, on the same pixels."""

import pathlib
import sys

import damage
import measure
import pictures

sys.path.append(str(pathlib.Path(__file__).parent.parent / "peers"))
import restorers  # noqa: E402

RADII = [3, 4, 5]


class Peers:
    """cache: a Cache. runs: names of the methods to be run where a figure is missing."""

    METHODS = ["bm3d", "cbm3d", "ffdnet", "telea", "navier-stokes", "biharmonic",
               "frequency-selective", "bicubic", "non-local-means"]

    def __init__(self, cache, runs):
        self.cache = cache
        self.runs = runs

    def denoised(self, set_name, pictures, sigma):
        """PSNR of BM3D (gray) or CBM3D (color) by picture."""
        gray = all(picture.ndim == 2 for picture in pictures.values())
        method = "bm3d" if gray else "cbm3d"
        return self.cache.figures(
            f"{set_name}/sigma{sigma}/{method}",
            {name: lambda name=name, clean=clean: (damage.noisy(clean, sigma, name), clean)
             for name, clean in pictures.items()},
            lambda noisy, clean: measure.psnr(restorers.bm3d(noisy, sigma), clean),
            method in self.runs)

    def inpainted(self, set_name, pictures, kind):
        """PSNR over hidden pixels by method and picture; of each OpenCV method the radius that is
        best for it."""

        def arrays(name, clean):
            hidden = damage.mask(kind, clean.shape[:2], name)
            return damage.hollow(clean, hidden), hidden, clean

        inputs = {name: lambda name=name, clean=clean: arrays(name, clean)
                  for name, clean in pictures.items()}

        def figures(method, suffix, restore):
            return self.cache.figures(
                f"{set_name}/{kind}/{method}{suffix}", inputs,
                lambda seen, hidden, clean: measure.psnr(restore(seen, hidden), clean, hidden),
                method in self.runs)

        results = {}
        for method, function in {
                "telea": restorers.telea, "navier-stokes": restorers.navier_stokes}.items():
            by_radius = [
                figures(method, f"-{radius}",
                        lambda seen, hidden, radius=radius: function(seen, hidden, radius))
                for radius in RADII]
            results[method] = max(by_radius, key=lambda found: (len(found), sum(found.values())))
        results["biharmonic"] = figures("biharmonic", "", restorers.biharmonic)
        if kind in damage.RANDOM:
            results["frequency-selective"] = figures(
                "frequency-selective", "", restorers.frequency_selective)
        return results

    def smoothed(self, set_name, noisy, clean):
        """PSNR of OpenCV's non-local means of picture files with real noise."""
        return self.cache.figures(
            f"{set_name}/non-local-means",
            {name: lambda name=name, file=file: (pictures.read(file), clean[name])
             for name, file in noisy.items()},
            lambda noisy, clean: measure.psnr(restorers.non_local_means(noisy), clean),
            "non-local-means" in self.runs)

    def enlarged(self, set_name, pairs, scale):
        """PSNR on Y of bicubic enlargement by picture."""
        return self.cache.figures(
            f"{set_name}/x{scale}/bicubic",
            {name: lambda pair=pair: pair for name, pair in pairs.items()},
            lambda small, large: measure.luma_psnr(restorers.bicubic(small, scale), large, scale),
            "bicubic" in self.runs)
