"""Training: the loop, its checkpoints, and what it reports."""

import json
import math
import pathlib
import time

import torch

import damage
from draw import Draw
from hierarchical import FLOOR
from model import Weights, model_file, network_of
from model_file import ModelFile, compact
from pictures import order

# Streams of a run's seed.
PIECES, POOL, LATENTS, VALIDATION = range(4)
# After so many steps the clock is read and the objective looked at; in between nothing waits for the
# device.
CHECK_EVERY = 20


class Run:
    """A run on a device. All that is drawn depends on the seed and the step alone."""

    def __init__(self, options, start, pictures, held_out, device, describe=lambda history: history):
        """start: a ModelFile; pictures, held_out: `Pictures`; describe: adds to the history."""
        self.options, self.start, self.device = options, start, device
        self.pictures, self.held_out, self.describe = pictures, held_out, describe
        self.mixture = damage.MIXTURES[options.damage]
        self.network = network_of(start, device)
        self.weights = Weights(self.network)
        self.average = [parameter.detach().clone() for parameter in self.weights.all]
        self.optimizer = torch.optim.Adam(
            self.weights.all, lr=options.learning_rate, betas=(0.9, 0.999), eps=1e-8,
            fused=device.type == "cuda")
        self.objective = self.network.objective
        if options.compile:
            self.objective = torch.compile(self.objective, dynamic=False)
        self.order = order(pictures.count, options.seed)
        self.steps_of_pool = max(1, options.pool // options.batch_size)
        self.pool, self.pool_number = None, None
        self.step, self.seconds = 0, 0.0
        self.validation = None

    # What is drawn.

    def draw(self, stream, number):
        return Draw(self.device, self.options.seed, stream, number)

    def pool_of(self, number):
        """The pieces of several steps, damaged."""
        size = self.steps_of_pool * self.options.batch_size
        chosen = torch.as_tensor(self.order(number * size, size), device=self.device)
        clean = self.pictures.pieces(
            chosen, self.options.crop, self.draw(PIECES, number), self.options.most_detailed_of)
        # Every pool has other shapes, for which it does not pay to look for the fastest kernels.
        torch.backends.cudnn.benchmark = False
        pool = damage.damage(clean, self.mixture, self.draw(POOL, number))
        torch.backends.cudnn.benchmark = True
        return pool

    def batch(self):
        number, place = divmod(self.step, self.steps_of_pool)
        if number != self.pool_number:
            self.pool, self.pool_number = self.pool_of(number), number
        # Rows of all kinds stand in any order, as the kinds were drawn row by row.
        size = self.options.batch_size
        rows = slice(place * size, (place + 1) * size)
        pool = damage.Pool(self.pool.clean[rows], self.pool.observation[rows],
                           self.pool.maps[rows], self.pool.gray[rows])
        draw = self.draw(LATENTS, self.step)
        bound_rows = max(1, size // 4)
        if self.mixture.hidden > 0 and self.options.bound_weight > 0:
            first = torch.arange(size, device=self.device) < bound_rows
            damage.hide_altogether(pool, first & draw.chance(size, share=self.mixture.hidden))
        side = self.options.crop
        noise = self.network.noise(bound_rows, side, side, draw.generator)
        return pool, noise

    # How far it is.

    @property
    def progress(self):
        if self.options.steps is not None:
            return min(1.0, self.step / max(self.options.steps, 1))
        return min(1.0, self.seconds / self.options.time)

    @property
    def learning_rate(self):
        ramp = min(1.0, (self.step + 1) / max(self.options.ramp, 1))
        return self.options.learning_rate * ramp * 0.5 * (1 + math.cos(math.pi * self.progress))

    @property
    def rate_weight(self):
        share = self.options.warm_up
        return min(1.0, self.progress / share) if share > 0 else 1.0

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16,
                              enabled=self.options.precision == "bf16")

    def take_step(self):
        """Returns the loss, the rows' squared errors, rate and distortion, on the device."""
        pool, noise = self.batch()
        layout = {"memory_format": torch.channels_last}
        rate_weight = torch.tensor(self.rate_weight, device=self.device)
        with self.autocast():
            results = self.objective(
                pool.clean.contiguous(**layout), pool.observation.contiguous(**layout),
                pool.maps.contiguous(**layout), noise, rate_weight, self.options.bound_weight)
        self.optimizer.zero_grad(set_to_none=True)
        results[0].backward()
        torch.nn.utils.clip_grad_norm_(self.weights.all, self.options.clip_gradient, foreach=True)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate
        self.optimizer.step()
        self.step += 1
        # The first steps weigh more, so that where the run began is soon forgotten.
        decay = min(self.options.average, self.step / (self.step + 10))
        torch._foreach_lerp_(
            self.average, [parameter.detach() for parameter in self.weights.all], 1 - decay)
        return results

    def train(self, report, stops=lambda: False):
        """Runs to the end, or until `stops()`; report: called with a line of text now and then."""
        options = self.options
        ratios, since, compiling = 0, self.step, True
        clock = logged = written = time.monotonic()
        while self.progress < 1 and not stops():
            results = self.take_step()
            ratios = ratios + (-10 * torch.log10(results[1] + FLOOR)).mean()
            is_logged = self.step % options.log_every == 0 or self.step == options.steps
            if not (compiling or is_logged or self.step % CHECK_EVERY == 0):
                continue
            if not math.isfinite(results[0].item()):
                raise ArithmeticError(
                    f"step {self.step}: expected a finite objective, found {results[0].item()}; try "
                    "a smaller --learning-rate, or --precision float32")
            # What the first step takes, compiling, is no training time.
            self.seconds += 0 if compiling else time.monotonic() - clock
            if is_logged:
                count = self.step - since
                pace = count * options.batch_size / (time.monotonic() - logged)
                report(self.line(results, float(ratios) / count, pace))
                ratios, since, logged = 0, self.step, time.monotonic()
            if time.monotonic() - written > options.checkpoint_every:
                self.write_checkpoint()
                report(f"step {self.step}: {self.validate()}")
                logged = written = time.monotonic()
            compiling, clock = False, time.monotonic()
        self.synchronize()
        self.seconds += time.monotonic() - clock

    def line(self, results, ratio, pace):
        loss, _, rate, distortion = results
        text = (f"step {self.step}: {self.progress:.1%}, loss {loss.item():.4f}, prior path "
                f"{ratio:.2f} dB")
        if rate is not None:
            text += f", rate {rate.item():.0f}, distortion {distortion.item():.0f} nats"
        return f"{text}, {pace:.0f} pieces/s, {self.seconds:.0f} s"

    def synchronize(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    # How good it is.

    @torch.no_grad()
    def validate(self):
        """The prior path of the average on pieces and damage that are the same for every run of a
        seed: the mean in dB of every kind, and of all."""
        if self.held_out is None:
            return "no pictures held out"
        self.exchange()
        draw = Draw(self.device, 1, VALIDATION, 0)
        count = self.options.validation_pieces
        chosen = torch.arange(count, device=self.device) % self.held_out.count
        clean = self.held_out.pieces(chosen, self.options.crop, draw)
        pool, ratios = damage.damage(clean, self.mixture, draw), []
        for first in range(0, count, self.options.batch_size):
            rows = slice(first, first + self.options.batch_size)
            with self.autocast():
                restored = self.network.decode(pool.observation[rows], pool.maps[rows])
            error = (restored - pool.clean[rows]).square().flatten(1).mean(1)
            ratios.append(10 * torch.log10(1 / (error + FLOOR)))
        self.exchange()
        ratios, kinds = torch.cat(ratios).cpu(), torch.as_tensor(pool.kinds)
        self.validation = {"prior_path_decibels": round(ratios.mean().item(), 3), "kinds": {
            name: round(ratios[kinds == number].mean().item(), 3)
            for number, name in enumerate(self.mixture.shares) if (kinds == number).any()}}
        kinds = ", ".join(f"{name} {value:.2f}" for name, value in self.validation["kinds"].items())
        return f"held out {self.validation['prior_path_decibels']:.3f} dB ({kinds})"

    def exchange(self):
        """Puts the average in the parameters' place, and back."""
        with torch.no_grad():
            for parameter, average in zip(self.weights.all, self.average):
                kept = parameter.detach().clone()
                parameter.copy_(average)
                average.copy_(kept)

    # What is written.

    @property
    def training(self):
        """What must be equal for a run to be resumed; the limit may change."""
        options = self.options
        return {
            "trainer": "script/train-on-gpu", "damage": options.damage, "crop": options.crop,
            "batch_size": options.batch_size, "pool": options.pool, "samples": 1,
            "optimizer": {"name": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
            "learning_rate": options.learning_rate, "ramp": options.ramp, "schedule": "cosine",
            "seed": options.seed, "gradient_limit": options.clip_gradient,
            "average_decay": options.average, "rate_warm_up": options.warm_up,
            "bound_weight": options.bound_weight, "precision": options.precision}

    def history(self):
        device = (torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu")
        history = {
            "trainer": "script/train-on-gpu", "torch": torch.__version__, "device": device,
            "examples": self.pictures.count, "steps": self.step, "seconds": round(self.seconds),
            "training": self.training}
        if self.validation:
            history["validation"] = self.validation
        return self.describe(history)

    def write_model(self, path, half):
        model_file(self.weights, self.average, self.start, self.history(), half).write(path)

    @property
    def checkpoint_path(self):
        return checkpoint_path(self.options.output)

    def write_checkpoint(self):
        """The container and layout of the program's own checkpoints: the parameters as they are,
        Adam's moments, the average."""
        file = model_file(self.weights, self.weights.all, self.start, self.history(), half=False)
        states = [self.optimizer.state.get(parameter, {}) for parameter in self.weights.all]
        for index, key in enumerate(("exp_avg", "exp_avg_sq")):
            moments = [state.get(key, torch.zeros_like(parameter))
                       for state, parameter in zip(states, self.weights.all)]
            file.tensors[f"optimizer.{index}"] = self.weights.flat(moments)
        file.tensors["optimizer.average"] = self.weights.flat(self.average)
        file.metadata.update(
            training=compact(self.training), examples=str(self.pictures.count),
            state=compact({"step": self.step, "seconds": self.seconds}))
        file.write(self.checkpoint_path)

    def resume(self):
        """Goes on from the checkpoint. Raises ValueError where it is of another run."""
        path = self.checkpoint_path
        file = ModelFile.read(path)
        if "training" not in file.metadata or "state" not in file.metadata:
            raise ValueError(f"{path}: expected a checkpoint, found a model without a run's state")
        for name, there, here in (
                ("options", json.loads(file.metadata["training"]), self.training),
                ("model", file.configuration, self.start.configuration),
                ("pictures", file.metadata.get("examples"), str(self.pictures.count))):
            if there != here:
                raise ValueError(f"{path}: expected the {name} {here}, found {there}; repeat the "
                                 "options of the first run")
        state = json.loads(file.metadata["state"])
        self.step, self.seconds = state["step"], state["seconds"]
        # Beside the network's there may be tensors that only the first run's start had.
        self.start = ModelFile({**self.start.tensors, **{
            name: tensor for name, tensor in file.tensors.items()
            if not name.startswith("optimizer.")}}, self.start.metadata)
        moments = [self.weights.unflattened(file.tensors[f"optimizer.{index}"])
                   for index in range(2)]
        average = self.weights.unflattened(file.tensors["optimizer.average"])
        with torch.no_grad():
            for index, (name, parameter) in enumerate(self.weights.named.items()):
                parameter.copy_(file.tensors[name])
                self.average[index].copy_(average[index])
                step = torch.tensor(float(self.step))
                self.optimizer.state[parameter] = {
                    "step": step.to(self.device) if self.device.type == "cuda" else step,
                    "exp_avg": moments[0][index], "exp_avg_sq": moments[1][index]}


def checkpoint_path(output):
    """NAME.safetensors to NAME.checkpoint.safetensors, as the program names it."""
    path = pathlib.Path(output)
    return path.with_name(path.name.removesuffix(".safetensors") + ".checkpoint.safetensors")
