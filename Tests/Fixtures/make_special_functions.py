"""Writes special_functions.txt: a line for a value, the function's name, its arguments and the value
to 17 digits, by mpmath with 40 digits.

    pip install mpmath
    python3 make_special_functions.py
"""

import os

import mpmath as mp

mp.mp.dps = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def lower(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def upper(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def log_quantile(a, u):
    """log x with P(a, x) = u, by bisection on the log of the smaller tail."""
    low, high = mp.mpf(-2000), mp.mpf(20)
    for _ in range(110):
        y = (low + high) / 2
        x = mp.exp(y)
        above = lower(a, x) > u if u < 0.5 else upper(a, x) < 1 - u
        low, high = (low, y) if above else (y, high)
    return (low + high) / 2


def log_quantile_derivative(a, y):
    x = mp.exp(y)
    # The side of the distribution that is small, so that digits remain.
    if lower(a, x) < 0.5:
        derivative = -mp.diff(lambda s: lower(s, x), a)
    else:
        derivative = mp.diff(lambda s: upper(s, x), a)
    return derivative / mp.exp(a * y - x - mp.loggamma(a))


def beta_cdf(x, a, b):
    return mp.betainc(a, b, 0, x, regularized=True)


rows = []


def add(name, function, *argument_lists):
    for arguments in argument_lists:
        numbers = [mp.mpf(x) for x in arguments]
        value = function(*numbers)
        texts = [mp.nstr(x, 17) for x in [*numbers, value]]
        rows.append(" ".join([name] + texts))


positive = [0.001, 0.03125, 0.3125, 0.75, 1, 1.5, 2, 3.25, 9.5, 12, 40, 700.5, 1e5]
add("logGamma", mp.loggamma, *[[x] for x in positive])
for order in range(4):
    add(f"polygamma{order}", lambda x, n=order: mp.psi(n, x), *[[x] for x in positive])
add("gammaEntropy", lambda a: a + mp.loggamma(a) + (1 - a) * mp.psi(0, a),
    *[[x] for x in positive[1:]])
add("logBeta", lambda a, b: mp.log(mp.beta(a, b)), [0.5, 0.5], [3, 0.25], [700.5, 0.5], [12, 40])
add("digammaDifference", lambda a, b: mp.psi(0, a) - mp.psi(0, a + b), [0.5, 0.5], [300, 0.5],
    [0.03125, 7])
add("normalCDF", mp.ncdf, *[[x] for x in [-30, -9, -2.5, -0.125, 0, 1, 5, 9]])
add("normalQuantile", lambda u: mp.sqrt(2) * mp.erfinv(2 * u - 1),
    *[[u] for u in [2**-60, 2**-24, 0.03125, 0.25, 0.5, 0.625, 0.96875, 1 - 2**-24]])

shapes = [0.03125, 0.5, 1, 2.25, 10, 150, 4000]
points = [[a, a * r] for a in shapes for r in [0.0625, 0.5, 0.9375, 1, 1.0625, 1.5, 4]]
add("gammaLogKernel", lambda a, x: a * mp.log(x) - x - mp.loggamma(a), *points[:14])
add("gammaCDF", lower, *points)
add("gammaCDFShapeDerivative", lambda a, x: mp.diff(lambda s: lower(s, x), a), *points[:42])
probabilities = [2**-24, 0.03125, 0.375, 0.5, 0.75, 0.96875, 1 - 2**-24]
add("logGammaQuantile", log_quantile, *[[a, u] for a in shapes[:6] for u in probabilities])
places = [[a, float(mp.log(a * r))] for a in shapes[:6] for r in [0.0625, 0.5, 0.9375, 1.25, 4]]
add("logGammaQuantileShapeDerivative", log_quantile_derivative, *places)
betas = [[x, a, b] for x in [0.015625, 0.25, 0.5, 0.875]
         for a, b in [(0.5, 0.5), (1, 3), (2.5, 0.75), (150, 0.5), (8, 40)]]
add("betaCDF", beta_cdf, *betas)
add("betaCDFShapeDerivative", lambda x, a, b: mp.diff(lambda s: beta_cdf(x, s, b), a), *betas)

with open(os.path.join(HERE, "special_functions.txt"), "w") as file:
    file.write("\n".join(rows) + "\n")
