"""Models of one picture size in PyTorch: the dense and the convolutional networks."""

import torch
import torch.nn.functional as F

from model_file import FileNetwork, rate


class Flat(FileNetwork):
    """Bernoulli pixels; shapes [N, C, H, W], latents [N, D]."""

    def __init__(self, path):
        super().__init__(path)
        likelihood = self.configuration["likelihood"]["family"]
        if likelihood != "bernoulli":
            raise SystemExit(f"{path}: expected Bernoulli pixels, found {likelihood}")
        image = self.configuration["image"]
        self.shape = (image["channels"], image["height"], image["width"])
        self.latents = self.configuration["latents"]
        self.is_dense = self.network["architecture"] == "mlp"
        if not self.is_dense:
            stride = 1 << len(self.network["widths"])
            self.padding = [-extent % stride for extent in self.shape[1:]]
            self.grid = [-(-extent // stride) for extent in self.shape[1:]]

    def encode(self, x):
        """Mean and log variance of q(z|x)."""
        output = self.encode_dense(x) if self.is_dense else self.encode_convolutional(x)
        return output.split(self.latents, 1)

    def encode_dense(self, x):
        x = x.flatten(1)
        layers = len(self.network["hidden"]) + 1
        for layer in range(layers):
            x = self.dense(f"encoder.{layer}", self.activation(x) if layer else x)
        return x

    def encode_convolutional(self, x):
        rows, columns = self.padding
        x = F.pad(x, (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2))
        for level in range(len(self.network["widths"])):
            x = self.convolution(f"encoder.{level}.in", F.pixel_unshuffle(x, 2))
            for block in range(self.network["blocks"]):
                x = self.block(f"encoder.{level}.{block}", x)
        x = self.dense("encoder.hidden", self.activation(x).flatten(1))
        return self.dense("encoder.latent", self.activation(x))

    def decode(self, z):
        """Logits of the pixels."""
        return self.decode_dense(z) if self.is_dense else self.decode_convolutional(z)

    def decode_dense(self, z):
        layers = len(self.network["hidden"]) + 1
        for layer in range(layers):
            z = self.dense(f"decoder.{layer}", self.activation(z) if layer else z)
        return z.unflatten(1, self.shape)

    def decode_convolutional(self, z):
        x = self.activation(self.dense("decoder.latent", z))
        x = self.dense("decoder.hidden", x).unflatten(1, (self.network["widths"][-1], *self.grid))
        for level in reversed(range(len(self.network["widths"]))):
            for block in range(self.network["blocks"]):
                x = self.block(f"decoder.{level}.{block}", x)
            if level == 0:
                x = self.activation(x)
            x = F.pixel_shuffle(self.convolution(f"decoder.{level}.out", x), 2)
        top, left = (extent // 2 for extent in self.padding)
        return x[:, :, top:top + self.shape[1], left:left + self.shape[2]]

    def reconstruct(self, x):
        """E[x|z] at the posterior's mean."""
        return torch.sigmoid(self.decode(self.encode(x)[0]))

    def log_density(self, x, logits):
        return -F.binary_cross_entropy_with_logits(
            logits, x, reduction="none").flatten(1).sum(1)

    def forward(self, x, noise):
        """The negative bound of a batch, per picture, in nats (AEVB, equation 7)."""
        mean, log_variance = self.encode(x)
        z = mean + torch.exp(0.5 * log_variance) * noise
        return (rate(mean, log_variance) - self.log_density(x, self.decode(z))).mean()

    def importance_weighted(self, x, samples, chunk=500):
        """log p(x) of one picture [1, C, H, W] by `samples` draws of the posterior, in nats."""
        mean, log_variance = self.encode(x)
        weights = []
        for _ in range(0, samples, chunk):
            noise = torch.randn(chunk, self.latents)
            z = mean + torch.exp(0.5 * log_variance) * noise
            prior = -0.5 * z.square().sum(1)
            posterior = -0.5 * (noise.square() + log_variance).sum(1)
            target = x.expand(chunk, *self.shape)
            weights.append(self.log_density(target, self.decode(z)) + prior - posterior)
        return torch.logsumexp(torch.cat(weights), 0) - torch.log(torch.tensor(float(samples)))
