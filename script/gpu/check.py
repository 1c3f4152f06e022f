"""Checks the trainer: its damage against libjpeg and against formulas, its runs against each other, and
its model files against the program's own results on the same weights.
"""

import argparse
import contextlib
import io
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import numpy as np
import torch
from PIL import Image
from torch._subclasses.fake_tensor import FakeTensorMode

import camera
import damage
import holes
import jpeg
import model
import pack
import train
from draw import Draw
from filters import eight_bit, resample, resampling, split_colors
from hierarchical import Network, aligned
from model_file import ModelFile
from pictures import Pictures, order, read

# Options of a run that takes seconds: a network of two levels, hardly trained.
SMALL = ["--widths", "8,12", "--target-widths", "4,4", "--latents", "2,3", "--crop", "16",
         "--batch-size", "8", "--ramp", "1", "--log-every", "1000", "--validation-pieces", "16",
         "--validation-share", "0.25", "--device", "cpu", "--threads", "1", "--learning-rate", "0.01"]
latent, takes_long = None, False


class DrawOfFakes(Draw):
    """On a device that need not be there."""

    def __init__(self, device, *seeds):
        self.device, self.generator = torch.device(device), None
        self.host = np.random.default_rng(seeds)


def scene(height, width, seed=0):
    """Waves, edges and a little grain, `[H, W, 3]` bytes."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    planes = [0.5 + 0.3 * np.sin(x * (0.07 + 0.03 * channel) + y * 0.11 + seed) for channel in range(3)]
    picture = np.stack(planes, 2) + 0.25 * (x // 13 + y // 9 + seed) [..., None] % 2 * 0.5
    return np.clip(255 * picture + random.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def planes_of(picture):
    return torch.tensor(picture).permute(2, 0, 1)[None].float() / 255


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        torch.set_num_threads(1)

    def pictures(self, height=40, width=52):
        folder = self.folder / f"{height}x{width}"
        folder.mkdir(exist_ok=True)
        for index in range(4):
            Image.fromarray(scene(height, width, index)).save(folder / f"{index}.png")
        return str(folder)

    def train(self, name, *options, expected=0):
        path = self.folder / name
        arguments = [self.pictures(), "-o", str(path), *SMALL, *options]
        with unittest.mock.patch.object(train, "say", lambda text: None):
            self.assertEqual(train.main(arguments), expected)
        return path


class Damage(unittest.TestCase):
    def setUp(self):
        torch.set_num_threads(1)

    def test_jpeg_is_libjpegs(self):
        picture = scene(96, 112)
        for quality in (10, 30, 50, 75, 90, 95, 100):
            for subsampling in (0, 2):
                file = io.BytesIO()
                Image.fromarray(picture).save(
                    file, "JPEG", quality=quality, subsampling=subsampling)
                expected = np.asarray(Image.open(file), np.float32)
                found = jpeg.code(planes_of(picture), torch.tensor([quality]),
                                  torch.tensor([subsampling == 2]))
                found = (255 * found[0].permute(1, 2, 0)).numpy()
                with self.subTest(quality=quality, subsampling=subsampling):
                    # But for roundings that turn out otherwise.
                    difference = found - expected
                    report(f"quality {quality}, subsampling {subsampling}: mean "
                           f"{difference.mean():.4f}, square {np.square(difference).mean():.3f}")
                    self.assertLess(np.square(difference).mean(), 0.5)
                    self.assertLess(abs(difference.mean()), 0.03)

    def test_flat_areas_are_libjpegs_to_the_bit(self):
        levels = np.arange(256, dtype=np.uint8)
        picture = levels.repeat(16)[None, :, None].repeat(16, 0).repeat(3, 2)
        for quality in (10, 30, 50, 80):
            file = io.BytesIO()
            Image.fromarray(picture).save(file, "JPEG", quality=quality)
            expected = np.asarray(Image.open(file))
            found = jpeg.code(planes_of(picture), torch.tensor([quality]), torch.tensor([True]))
            found = (255 * found[0].permute(1, 2, 0)).round().numpy()
            self.assertEqual(np.abs(found - expected).max(), 0, quality)

    def test_phase_of_blocks(self):
        piece = planes_of(scene(32, 32))
        top, left = torch.tensor([5]), torch.tensor([3])
        found = jpeg.compress(piece, torch.tensor([40]), torch.tensor([False]), top, left)
        extended = np.pad(scene(32, 32), ((5, 11), (3, 13), (0, 0)), "edge")
        expected = jpeg.code(planes_of(extended), torch.tensor([40]), torch.tensor([False]))
        self.assertTrue(torch.equal(found, expected[:, :, 5:37, 3:35]))

    def test_demosaicing(self):
        """Bilinear by the definition, place by place; Malvar's keeps a gray ramp as it is."""
        sensor = torch.rand(1, 1, 12, 14, generator=torch.Generator().manual_seed(1))
        filters = camera.filter_array(torch.tensor([1]), torch.tensor([0]), 12, 14)
        found = camera.demosaic(sensor, filters, torch.tensor([False]))
        for y in range(2, 10):
            for x in range(2, 12):
                around = filters[0, :, y - 1:y + 2, x - 1:x + 2]
                values = sensor[0, 0, y - 1:y + 2, x - 1:x + 2]
                for channel in range(3):
                    if filters[0, channel, y, x] > 0:
                        expected = sensor[0, 0, y, x]
                    else:
                        expected = (around[channel] * values).sum() / around[channel].sum()
                    # A green place's own neighbors at the corners are of its own color.
                    self.assertAlmostEqual(
                        found[0, channel, y, x].item(), expected.item(), places=5)
        ramp = (torch.arange(14.) + 2 * torch.arange(12.)[:, None])[None, None] / 50
        found = camera.demosaic(ramp, filters, torch.tensor([True]))
        self.assertLess((found - ramp)[:, :, 2:-2, 2:-2].abs().max().item(), 1e-5)

    def test_camera_without_noise_and_filters_changes_little(self):
        for gray in (False, True):
            piece = planes_of(scene(32, 32)).mean(1, keepdim=True).expand(-1, 3, -1, -1)
            one = camera.Camera.random(torch.tensor([gray]), Draw("cpu", 4))
            for name in ("luma_smoothing", "chroma_smoothing", "sharpening", "shot", "read"):
                setattr(one, name, torch.zeros(1))
            one.gain = torch.ones(1, 3)
            clean, noisy = one.expose(piece, Draw("cpu", 5))
            self.assertTrue(torch.equal(clean, noisy))
            limit = 1e-5 if gray else 0.03
            self.assertLess((clean - piece).square().mean().sqrt().item(), limit)

    def test_every_kind(self):
        """What is told is true: levels within their jitter, ranges, gray rows gray."""
        pictures = Pictures([scene(80, 80, index) for index in range(3)], "cpu")
        for name, mixture in damage.MIXTURES.items():
            for kind in mixture.shares:
                draw = Draw("cpu", 9)
                clean = pictures.pieces(torch.arange(24) % 3, 32, draw)
                only = damage.Mixture({kind: 1}, gray=0.3, rounded=mixture.rounded,
                                      drawn=mixture.drawn, smooth=mixture.smooth,
                                      unknown=mixture.unknown)
                pool = damage.damage(clean, only, draw)
                with self.subTest(mixture=name, kind=kind):
                    self.assertTrue(torch.isfinite(pool.observation).all())
                    self.assertTrue(torch.isfinite(pool.maps).all())
                    self.assertTrue(0 <= pool.clean.min() and pool.clean.max() <= 1)
                    for planes in (pool.clean, pool.observation):
                        gray = planes[pool.gray]
                        self.assertLess((gray - gray[:, :1]).abs().max().item(), 1e-5)
                    if kind in ("camera", "grain", "noise_then_jpeg", "gaussian_noise"):
                        is_file = kind != "gaussian_noise" and mixture.unknown > 0
                        self.check_levels(pool, damage.FILE_SPREAD if is_file else (0, 0.1))

    def check_levels(self, pool, spread):
        noise = torch.einsum("ij,njhw->nihw", damage.BASIS, pool.observation - pool.clean)
        told = pool.maps[:, damage.LUMA_NOISE].mean((1, 2))
        true = noise[:, 0].square().mean((1, 2)).sqrt()
        known = (told > 0) & (true > 1e-3)
        self.assertGreater(known.sum().item(), 10)
        ratio = torch.log(told[known] / true[known])
        self.assertLess((ratio - spread[0]).abs().max().item(), 0.35 + 3 * spread[1])
        self.assertLess((ratio.mean() - spread[0]).abs().item(), 0.05 + spread[1])

    def test_smoothed_color(self):
        """Luma stays, fine color goes, gray rows and a share are left alone."""
        pictures = Pictures([scene(80, 80, index) for index in range(3)], "cpu")
        draw = Draw("cpu", 5)
        clean = pictures.pieces(torch.arange(60) % 3, 32, draw) * 0.5 + 0.25
        clean = clean + 0.1 * (draw.uniform(*clean.shape) - 0.5)
        gray = draw.chance(60, share=0.3)
        found = damage.smoothed(clean, gray, 0.7, draw)
        change = (found - clean).abs().amax((1, 2, 3))
        self.assertEqual(change[gray].max().item(), 0)
        changed = change > 0
        share = changed[~gray].float().mean().item()
        self.assertTrue(0.5 < share < 0.9, share)
        before, after = split_colors(clean[changed]), split_colors(found[changed])
        self.assertLess((before - after)[:, 0].abs().max().item(), 1e-5)
        steps = [(planes[:, 1:, :, 1:] - planes[:, 1:, :, :-1]).abs().mean((1, 2, 3))
                 for planes in (before, after)]
        self.assertTrue((steps[1] < 0.95 * steps[0]).all())

    def test_most_detailed(self):
        """A picture is empty but for a quarter of it: of four pieces the best hardly ever is."""
        picture = np.full((40, 160, 3), 90, np.uint8)
        picture[:, :40][(np.indices((40, 40)).sum(0) % 2).astype(bool)] = 200
        pictures, chosen = Pictures([picture], "cpu"), torch.zeros(1000, dtype=torch.long)
        for candidates, expected in ((1, 113 / 153), (4, (113 / 153) ** 4)):
            pieces = pictures.pieces(chosen, 8, Draw("cpu", 4), candidates).flatten(1)
            empty = (pieces == pieces[:, :1]).all(1).float().mean().item()
            self.assertAlmostEqual(empty, expected, delta=0.05)

    def test_all_stays_on_a_gpu(self):
        """Every kind and the objective on tensors that only say where they are, so that a number
        left on the host is found where there is no GPU."""
        if not takes_long:
            self.skipTest("takes half a minute: --all")
        with FakeTensorMode(allow_non_fake_inputs=True):
            pictures = Pictures([scene(80, 80, index) for index in range(3)], "cuda")
            draw = DrawOfFakes("cuda", 1)
            chosen = torch.arange(96, device="cuda") % 3
            every = damage.Mixture(
                {kind: 1 / len(damage.KINDS) for kind in damage.KINDS}, gray=0.3, drawn=0.2,
                smooth=0.5, unknown=0.1)
            pool = damage.damage(pictures.pieces(chosen, 32, draw), every, draw)
            self.assertEqual(len(set(pool.kinds)), len(damage.KINDS))
            damage.hide_altogether(pool, draw.chance(96, share=0.5))
            for planes in (pool.clean, pool.observation, pool.maps):
                self.assertEqual(planes.device.type, "cuda")
            file = model.new_model(
                model.new_configuration(32, [8, 12], [4, 4], [2, 3], [2, 1]), 1)
            file.tensors = {name: value.cuda() for name, value in file.tensors.items()}
            network = Network(file)
            network.basis = network.basis.cuda()
            results = network.objective(
                pool.clean, pool.observation, pool.maps, network.noise(6, 32, 32),
                torch.tensor(0.5, device="cuda"), 0.05)
            self.assertTrue(all(value.device.type == "cuda" for value in results))

    def test_equal_seeds_give_equal_pieces(self):
        pictures = Pictures([scene(80, 80)], "cpu")
        pools = []
        for _ in range(2):
            draw = Draw("cpu", 3, 1)
            clean = pictures.pieces(torch.zeros(16, dtype=torch.long), 32, draw)
            pools.append(damage.damage(clean, damage.MIXTURES["denoise"], draw))
        self.assertTrue(torch.equal(pools[0].observation, pools[1].observation))
        self.assertTrue(torch.equal(pools[0].maps, pools[1].maps))


class Runs(Folder):
    def test_order(self):
        """Every picture once before any comes again, whatever part is asked for."""
        indices = order(5, seed=3)
        whole = indices(0, 15)
        self.assertEqual([sorted(whole[part:part + 5]) for part in (0, 5, 10)], 3 * [list(range(5))])
        for first, number in ((0, 0), (3, 9), (5, 5), (14, 1)):
            self.assertEqual(list(indices(first, number)), list(whole[first:first + number]))

    def test_resuming_gives_the_bits_of_an_uninterrupted_run(self):
        whole = self.train("whole.safetensors", "--steps", "6")
        run = train.Run.train
        steps = []

        def stopping(self, report, stops):
            run(self, report, lambda: self.step >= 3)
            steps.append(self.step)
            os.kill(os.getpid(), signal.SIGTERM)

        with unittest.mock.patch.object(train.Run, "train", stopping):
            self.train("parts.safetensors", "--steps", "6", expected=130)
        self.assertEqual(steps, [3])
        self.assertFalse((self.folder / "parts.safetensors").exists())
        parts = self.train("parts.safetensors", "--steps", "6", "--resume")
        self.assertFalse((self.folder / "parts.checkpoint.safetensors").exists())
        one, other = ModelFile.read(whole), ModelFile.read(parts)
        self.assertEqual(one.history["steps"], other.history["steps"])
        for name in one.tensors:
            self.assertTrue(torch.equal(one.tensors[name], other.tensors[name]), name)
        self.train("parts.safetensors", "--steps", "6", "--keep-checkpoint")
        self.train("parts.safetensors", "--steps", "9", "--seed", "5", "--resume", expected=65)

    def test_a_grown_model_is_the_same_function_and_keeps_what_it_does_not_know(self):
        path = self.train("small.safetensors", "--steps", "2", "--half")
        file = ModelFile.read(path)
        self.assertTrue(all(value.dtype == torch.float16 for value in file.tensors.values()))
        extra = torch.arange(5, dtype=torch.int64)
        file.tensors["estimator.0.weight"] = extra
        file.metadata["estimator"] = "{}"
        file.write(path)
        grown = model.grown(file, [3, 1], 1, path)
        self.assertEqual(grown.configuration["network"]["blocks"], [3, 1])
        y, maps = planes_of(scene(16, 24)), torch.zeros(1, 5, 16, 24)
        with torch.inference_mode():
            before, after = Network(file).decode(y, maps), Network(grown).decode(y, maps)
        self.assertTrue(torch.equal(before, after))
        again = ModelFile.read(self.train(
            "grown.safetensors", "--steps", "2", "--start-from", str(path), "--blocks", "3,1"))
        self.assertTrue(torch.equal(again.tensors["estimator.0.weight"], extra))
        self.assertEqual(again.metadata["estimator"], "{}")
        self.assertEqual(again.configuration["network"]["blocks"], [3, 1])
        self.assertEqual(set(again.tensors), set(grown.tensors))
        # The new blocks learn.
        self.assertGreater(again.tensors["decoder.0.after.2.scale"].abs().max().item(), 0)
        history = again.history
        self.assertEqual(history["started_from"], "small.safetensors")
        self.assertEqual([entry["steps"] for entry in history["earlier_runs"]], [2])
        for key in ("trainer", "torch", "device", "steps", "training"):
            self.assertIn(key, history)

    def test_the_prior_path_learns_without_the_bound(self):
        path = self.train("prior.safetensors", "--steps", "150", "--bound-weight", "0",
                          "--damage", "noise", "--learning-rate", "0.005")
        file = ModelFile.read(path)
        pictures = Pictures([scene(80, 80, 7)], "cpu")
        clean = pictures.pieces(torch.zeros(32, dtype=torch.long), 16, Draw("cpu", 2))
        pool = damage.damage(clean, damage.MIXTURES["noise"], Draw("cpu", 3))
        with torch.inference_mode():
            restored = Network(file).decode(pool.observation, pool.maps)
        error = (restored - pool.clean).square().mean().item()
        self.assertLess(error, 0.8 * (pool.observation - pool.clean).square().mean().item())

    def test_refusals(self):
        broken = self.folder / "broken.safetensors"
        broken.write_bytes(b"no model")
        self.train("a.safetensors", "--steps", "1", "--start-from", str(broken), expected=65)
        self.train("a.safetensors", "--steps", "1", "--start-from", "missing.x", expected=66)
        flat = pathlib.Path(train.ROOT) / "models" / "aevb.safetensors"
        self.train("a.safetensors", "--steps", "1", "--start-from", str(flat), expected=65)
        self.assertFalse((self.folder / "a.safetensors").exists())

    def test_a_pack_keeps_its_limit_and_its_pixels(self):
        output = self.folder / "pack.zip"
        for limit, share in (("50", 1.0), ("0.05", 0.8)):
            with contextlib.redirect_stdout(io.StringIO()):
                pack.main([self.pictures(120, 140), "-o", str(output), "--limit", limit])
            self.assertLessEqual(output.stat().st_size, float(limit) * 1e6)
            packed = [picture for _, picture in read([str(output)], 16)]
            self.assertEqual(len(packed), 4)
            for index, picture in enumerate(packed):
                original = scene(120, 140, index)
                top, left = ((whole - part) // 2 for whole, part in zip(
                    original.shape, picture.shape[:2]))
                self.assertEqual(picture.shape == original.shape, share == 1)
                part = original[top:top + picture.shape[0], left:left + picture.shape[1]]
                self.assertTrue(np.array_equal(picture, part))

    def test_one_graph(self):
        """Nothing in the objective keeps it from being compiled as a whole."""
        file = ModelFile.read(self.train("small.safetensors", "--steps", "1"))
        network = model.network_of(file, torch.device("cpu"))
        y, maps = torch.rand(4, 3, 16, 16), torch.zeros(4, 5, 16, 16)
        noise = network.noise(1, 16, 16)
        compiled = torch.compile(network.objective, backend="aot_eager", fullgraph=True)
        plain = network.objective(y, y, maps, noise, torch.tensor(0.5), 0.05)[0]
        found = compiled(y, y, maps, noise, torch.tensor(0.5), 0.05)[0]
        self.assertAlmostEqual(found.item(), plain.item(), places=4)


class Program(Folder):
    """The program on the same weights, on arrays, which it neither rounds nor clips."""

    def setUp(self):
        super().setUp()
        if latent is None:
            self.skipTest("no binary of latent: --latent")

    def models(self):
        yield "small", self.train("small.safetensors", "--steps", "25", "--blocks", "2")
        path = self.train("half.safetensors", "--steps", "5", "--half")
        yield "half", path
        photo = train.ROOT / "models" / "photo.safetensors"
        if photo.exists():
            yield "photo", photo

    def run_latent(self, *arguments):
        result = subprocess.run(
            [latent, *map(str, arguments)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)

    def compare(self, name, expected, *arguments, tolerance=0.02):
        """expected: `[3, H, W]` in 0...1; the tolerance is in 255ths."""
        output = self.folder / "output.npy"
        self.run_latent(*arguments, "-o", output, "--threads", "1")
        found = np.load(output).reshape(expected.shape)
        difference = np.abs(found - 255 * expected.numpy())
        report(f"{name}: largest difference {difference.max():.5f}, mean {difference.mean():.6f} "
               "of 255")
        self.assertLess(difference.max(), tolerance, name)

    def restored(self, network, observation, maps):
        height, width = observation.shape[2:]
        with torch.inference_mode():
            result = network.decode(*(aligned(value, len(network.widths))
                                      for value in (observation, maps)))
        return result[0, :, :height, :width]

    def write(self, name, planes):
        path = self.folder / name
        np.save(path, (255 * planes).numpy().astype(np.float32))
        return path

    def test_restored_pictures(self):
        clean = planes_of(scene(57, 70, 3))
        random = torch.Generator().manual_seed(2)
        noisy = clean + 25 / 255 * torch.randn(clean.shape, generator=random)
        seen = (torch.rand(1, 1, 57, 70, generator=random) > 0.4).float()
        for name, path in self.models():
            network = Network(path)
            maps = torch.zeros(1, 5, 57, 70)
            maps[:, damage.SEEN], maps[:, 1:3] = 1, 25 / 255
            self.compare(
                f"{name}, noise", self.restored(network, noisy, maps), "denoise",
                self.write("noisy.npy", noisy), "-m", path, "--sigma", "25")

            maps = torch.zeros(1, 5, 57, 70)
            maps[:, damage.SEEN] = seen[:, 0]
            filled = holes.fill(clean, seen)
            expected = self.restored(network, filled, maps)
            mask = self.folder / "mask.png"
            Image.fromarray((255 * (1 - seen[0, 0])).numpy().astype(np.uint8)).save(mask)
            self.compare(
                f"{name}, holes", torch.where(seen[0] > 0, clean[0], expected), "inpaint",
                self.write("holes.npy", clean), "--mask", mask, "-m", path)

            small = eight_bit(clean[:, :, :24, :24])
            factor = torch.tensor([3.0])
            large = resample(small, resampling(factor, 24, 72, 3))
            maps = torch.zeros(1, 5, 72, 72)
            maps[:, damage.SEEN], maps[:, damage.SCALE] = 1, torch.log2(factor) / 2
            restored = self.restored(network, large, maps)
            self.compare(
                f"{name}, enlarged", projected(restored[None], small, 3)[0], "upscale",
                self.write("small.npy", small), "-s", "3", "-m", path)

    def test_blocks_by_level_and_checkpoints(self):
        self.train("levels.safetensors", "--steps", "6", "--blocks", "2,1", "--keep-checkpoint")
        for name in ("levels", "levels.checkpoint"):
            path = self.folder / f"{name}.safetensors"
            result = subprocess.run(
                [latent, "info", str(path)], capture_output=True, text=True)
            if "blocks" in result.stderr:
                self.skipTest("this binary knows one number of blocks for all levels")
            network, noisy = Network(path), planes_of(scene(32, 40))
            maps = torch.zeros(1, 5, 32, 40)
            maps[:, damage.SEEN], maps[:, 1:3] = 1, 10 / 255
            self.compare(
                name, self.restored(network, noisy, maps), "denoise",
                self.write("noisy.npy", noisy), "-m", path, "--sigma", "10")

    def test_history(self):
        path = self.train("small.safetensors", "--steps", "2")
        result = subprocess.run(
            [latent, "info", "--json", str(path)], capture_output=True, text=True, check=True)
        self.assertIn("script/train-on-gpu", result.stdout)
        self.assertEqual(json.loads(ModelFile.read(path).metadata["history"])["steps"], 2)


def projected(large, small, scale):
    """Brought to where its reduction is the small picture: two corrections, as in
    Sources/Restoration/Constraints/BackProjection.swift."""
    factor, side = torch.tensor([float(scale)]), small.shape[3]

    def reduced(planes):
        return resample(planes, resampling(1 / factor, side * scale, side, 1 / scale))

    def enlarged(planes):
        return resample(planes, resampling(factor, side, side * scale, scale))

    residual = small - reduced(large)
    return large + enlarged(2 * residual - reduced(enlarged(residual)))


def report(text):
    if Program.is_verbose:
        print(text, file=sys.stderr)


Program.is_verbose = False


def main(arguments):
    global latent, takes_long
    parser = argparse.ArgumentParser(prog="train-on-gpu check", description=__doc__)
    parser.add_argument("--latent", metavar="BINARY",
                        help="the program, to be compared with; not compared without it")
    parser.add_argument("--all", action="store_true", help="what takes long too")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("tests", nargs="*", help="as Damage or Runs.test_refusals; all without")
    options = parser.parse_args(arguments)
    latent, takes_long = options.latent, options.all
    Program.is_verbose = options.verbose
    loader = unittest.defaultTestLoader
    module = sys.modules[__name__]
    suite = (loader.loadTestsFromNames(options.tests, module) if options.tests
             else loader.loadTestsFromModule(module))
    result = unittest.TextTestRunner(verbosity=2 if options.verbose else 1).run(suite)
    return 0 if result.wasSuccessful() else 1
