#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges `stalenode analyze --json` from outside: makes series of its own, recomputes every
log-likelihood from the parameters reported, and looks for a higher maximum with L-BFGS-B.

    judge_fits.py path/to/stalenode [--short]

Written from the formulas alone (means integrated over the bucket; Poisson, NB1 and NB2 with ln y!),
with numpy and scipy. Exit status 1 when a reported log-likelihood is not that of its own
parameters (1e-8 relative here, 1e-6 by the probabilities of scipy.stats; fits with a baseline and
with waves too), when a parameter is outside its box, or when the search here ends
more than 0.01 above what was reported. With --short the search looks at one likelihood of each
series, every one in its turn; everything else is as without.
"""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy import optimize, special, stats

RETIRED = 1203465600
BUCKET = 1 / 12
KINDS = 7
NAMES = {
    "const": ["b"],
    "exp": ["A", "tau", "b"],
    "biexp": ["A1", "tau1", "A2", "tau2", "b"],
    "weibull": ["A", "tau", "beta", "b"],
    "omori": ["A", "c", "p", "b"],
    "logistic": ["A", "T", "w", "b"],
    "plateau_exp": ["A1", "A2", "tau", "b"],
    "plateau_omori": ["A1", "A2", "c", "p", "b"],
}
DISPERSION = {"poisson": [], "nb1": ["phi"], "nb2": ["alpha"]}
RATE, TIME = (1e-10, 1e6), (1 / 60, 1e5)
BOX = {"A": RATE, "A1": RATE, "A2": RATE, "b": RATE, "tau": TIME, "tau1": TIME, "tau2": TIME,
       "c": (1e-3, 1e5), "p": (0.05, 20), "phi": (1e-8, 1e4),
       "alpha": (1e-8, 1e4), "beta": (0.1, 20), "T": (1e-3, 1e4), "w": (1 / 12, 1e4)}


def exponential(amplitude, tau, start, end):
    return amplitude * tau * np.exp(-start / tau) * -np.expm1(-(end - start) / tau)


def lomax(amplitude, c, p, start, end):
    """The antiderivative of A (1 + t/c)^-p, by its logarithm where p is close to 1."""
    lower, length = np.log1p(start / c), np.log1p((end - start) / (start + c))
    exponent = (1 - p) * length
    ratio = np.where(np.abs(exponent) < 1e-7, 1 + exponent / 2,
                     np.expm1(exponent) / np.where(exponent == 0, 1, exponent))
    return amplitude * c * np.exp((1 - p) * lower) * length * ratio


def stretched(amplitude, tau, beta, start, end):
    """A tau/beta Gamma(1/beta) (P(z2) - P(z1)), by the upper tail where z is large."""
    shape, lower, upper = 1 / beta, (start / tau) ** beta, (end / tau) ** beta
    share = np.where(lower > shape + 1,
                     special.gammaincc(shape, lower) - special.gammaincc(shape, upper),
                     special.gammainc(shape, upper) - special.gammainc(shape, lower))
    return amplitude * tau * shape * special.gamma(shape) * share


def logistic(amplitude, middle, width, start, end):
    return amplitude * width * (np.logaddexp(0, (middle - start) / width)
                                - np.logaddexp(0, (middle - end) / width))


def mean(family, values, data):
    start, end = data["start"], data["end"]
    residual = 0
    if family == "exp":
        residual = exponential(values["A"], values["tau"], start, end)
    elif family == "biexp":
        residual = (exponential(values["A1"], values["tau1"], start, end)
                    + exponential(values["A2"], values["tau2"], start, end))
    elif family == "omori":
        residual = lomax(values["A"], values["c"], values["p"], start, end)
    elif family == "weibull":
        residual = stretched(values["A"], values["tau"], values["beta"], start, end)
    elif family == "logistic":
        residual = logistic(values["A"], values["T"], values["w"], start, end)
    elif family.startswith("plateau"):
        early = start < values["T"] - 1e-6
        since = np.where(early, 0, start - values["T"])
        if family == "plateau_exp":
            later = exponential(values["A2"], values["tau"], since, since + BUCKET)
        else:
            later = lomax(values["A2"], values["c"], values["p"], since, since + BUCKET)
        residual = np.where(early, values["A1"] * BUCKET, later)
    return data["exposure"] * (residual + values["b"] * BUCKET)


def loglik(family, likelihood, values, data):
    mu, count = np.maximum(mean(family, values, data), 1e-300), data["count"]
    constant = special.gammaln(count + 1).sum()
    if likelihood == "poisson":
        return float((special.xlogy(count, mu) - mu).sum() - constant)
    if likelihood == "nb2":
        alpha, steps = values["alpha"], np.arange(int(count.max()) if len(count) else 0)
        more = (count[:, None] > steps).sum(axis=0)
        return float((more * np.log1p(alpha * steps)).sum() - constant
                     + (special.xlogy(count, mu) - (count + 1 / alpha) * np.log1p(alpha * mu)).sum())
    phi = values["phi"]
    active, rate = count[count > 0], mu[count > 0]
    total = 0.0
    for j in range(int(active.max()) if len(active) else 0):
        more = active > j
        total += np.log(rate[more] + phi * j).sum()
    return float(total - count.sum() * np.log1p(phi) - mu.sum() * np.log1p(phi) / phi - constant)


def loglik_of_library(family, likelihood, values, data):
    """The same by the probabilities that scipy knows, waves and all."""
    residual = mean(family, {**values, "b": 0}, data)
    for name, wave, period in (("a_cos", np.cos, 86400), ("b_sin", np.sin, 86400),
                               ("week_cos", np.cos, 604800), ("week_sin", np.sin, 604800)):
        if name in values:
            clock = RETIRED + np.rint(data["start"] * 3600) + 150
            residual = residual * np.exp(values[name] * wave(2 * np.pi * (clock % period) / period))
    mu = np.maximum(residual + data["exposure"] * values["b"] * BUCKET, 1e-300)
    if likelihood == "poisson" or values.get("phi", values.get("alpha")) < 1e-5:
        return float(stats.poisson.logpmf(data["count"], mu).sum())
    if likelihood == "nb1":
        size, chance = mu / values["phi"], 1 / (1 + values["phi"])
    else:
        size, chance = 1 / values["alpha"], 1 / (1 + values["alpha"] * mu)
    # nbinom.logpmf() loses digits in the difference of two large lgamma; mu is far from that here.
    return float(stats.nbinom.logpmf(data["count"], size, chance).sum())


def judge_library(answer, data, where, baseline=None):
    """Every fit of an answer, those with waves included, to 6 decimals."""
    mistakes = fits = 0
    sets = [answer["fits"]] + list(answer["modulation"]["fits"].values())
    for one in sets:
        for likelihood, families in one.items():
            for family, fit in families.items():
                values, fits = fit["params"], fits + 1
                # A dispersion near its floor: scipy's own digits end before the sixth.
                if values.get("phi", values.get("alpha", 1)) < 1e-3:
                    continue
                own = loglik_of_library(family, likelihood, values, data)
                if baseline:
                    own += stats.poisson.logpmf(baseline[0], values["b"] * baseline[1] / 3600)
                if abs(own - fit["loglik"]) > 1e-6:
                    print("%s, %s, %s: reported %.9f, scipy.stats gives %.9f" %
                          (where, likelihood, family, fit["loglik"], own))
                    mistakes += 1
    return fits, mistakes


def judge_options(program, kind, directory, data):
    """The same series with a baseline and with waves."""
    path = os.path.join(directory, "series%d.csv" % kind)
    answer = json.loads(subprocess.run(
        [program, "analyze", "--json", "--retired", str(RETIRED), "--baseline", "9/360000",
         "--waves", "weekly", path], check=True, capture_output=True).stdout)
    return judge_library(answer, data, "series %d with options" % kind, (9, 360000))


def climb(family, likelihood, start, data, end=None):
    """L-BFGS-B over the logarithms of the parameters, from the given ones."""
    names = NAMES[family] + DISPERSION[likelihood]
    bounds = [tuple(np.log(BOX[name])) for name in names]

    def height(place):
        values = dict(zip(names, np.exp(place)))
        if end is not None:
            values["T"] = end
        found = loglik(family, likelihood, values, data)
        return -found if np.isfinite(found) else 1e12

    place = np.clip(np.log([start[name] for name in names]),
                    [low for low, _ in bounds], [high for _, high in bounds])
    result = optimize.minimize(height, place, method="L-BFGS-B", bounds=bounds,
                               options={"maxiter": 120})
    return -result.fun


def starts(family, likelihood, reported, generator, data):
    hours = data["end"].max()
    early = max(data["count"][:72].sum() / 6, 0.1)
    drawn = {
        "A": early, "A1": early, "A2": early * np.exp(-generator.uniform(0, 5)),
        "tau": hours ** generator.uniform(0.1, 1), "tau1": hours ** generator.uniform(0.1, 0.5),
        "tau2": hours ** generator.uniform(0.5, 1), "c": hours ** generator.uniform(0, 0.9),
        "p": np.exp(generator.uniform(-0.5, 1.5)), "b": early * 1e-3,
        "phi": np.exp(generator.uniform(-2, 1)), "alpha": np.exp(generator.uniform(-4, 1)),
        "beta": np.exp(generator.uniform(-1, 1)), "T": hours ** generator.uniform(0.1, 0.9),
        "w": hours ** generator.uniform(0, 0.8),
    }
    near = {name: reported[name] * np.exp(generator.normal(0, 0.3)) for name in reported}
    return [near, drawn]


def make_series(generator, kind):
    days = 4
    start = np.arange(days * 288) * BUCKET
    data = {"start": start, "end": start + BUCKET}
    exposure = np.ones(len(start))
    if kind % 2:
        exposure[200:230] = 0
        exposure[[199, 230, 700]] = [0.4, 0.77, 0.1]
    data["exposure"] = exposure
    truth = [("exp", {"A": 120, "tau": 15, "b": 0.2}),
             ("biexp", {"A1": 150, "tau1": 4, "A2": 12, "tau2": 60, "b": 0.05}),
             ("omori", {"A": 150, "c": 5, "p": 1.2, "b": 0.05}),
             ("plateau_exp", {"A1": 100, "T": 9, "A2": 8, "tau": 30, "b": 0.02}),
             ("weibull", {"A": 200, "tau": 6, "beta": 0.5, "b": 0.03}),
             ("logistic", {"A": 100, "T": 18, "w": 3, "b": 0.1}),
             ("plateau_omori", {"A1": 100, "T": 12, "A2": 20, "c": 9, "p": 1.4, "b": 0.02})][kind]
    mu = mean(truth[0], truth[1], data)
    phi = 1.8
    if kind % 3 == 0:
        count = generator.poisson(mu)
    elif kind % 3 == 1:
        rate = np.where(mu > 0, generator.gamma(np.maximum(mu / phi, 1e-12), phi), 0)
        count = generator.poisson(rate)
    else:
        rate = mu * generator.gamma(2, 0.5, len(mu))
        count = generator.poisson(rate)
    data["count"] = count.astype(float)
    return data


def write_csv(path, data):
    with open(path, "w", encoding="ascii") as stream:
        stream.write("bucket_start_unix,syn,observed_seconds\n")
        for i, count in enumerate(data["count"]):
            stream.write("%d,%d,%d\n" % (RETIRED + 300 * i, count,
                                         round(300 * data["exposure"][i])))


def judge(program, kind, directory, short):
    generator = np.random.default_rng([20080220, kind])
    data = make_series(generator, kind)
    path = os.path.join(directory, "series%d.csv" % kind)
    write_csv(path, data)
    answer = json.loads(subprocess.run([program, "analyze", "--json", "--retired", str(RETIRED),
                                        path], check=True, capture_output=True).stdout)
    data = {name: values[data["exposure"] > 0] for name, values in data.items()}
    fits, mistakes = judge_library(answer, data, "series %d" % kind)
    if kind == 1:
        more, wrong = judge_options(program, kind, directory, data)
        fits, mistakes = fits + more, mistakes + wrong
    for likelihood in DISPERSION:
        for family in NAMES:
            fit = answer["fits"][likelihood][family]
            reported, fits = fit["params"], fits + 1
            where = "series %d, %s, %s" % (kind, likelihood, family)
            own = loglik(family, likelihood, reported, data)
            if abs(own - fit["loglik"]) > 1e-8 * max(1, abs(own)):
                print("%s: reported %.12g, its parameters give %.12g" %
                      (where, fit["loglik"], own))
                mistakes += 1
            for name, (low, high) in BOX.items():
                if name in reported and not low * (1 - 1e-6) <= reported[name] <= high * (1 + 1e-6):
                    print("%s: %s = %g is outside its box" % (where, name, reported[name]))
                    mistakes += 1
            if short and likelihood != list(DISPERSION)[kind % len(DISPERSION)]:
                continue
            ends = [None]
            if family.startswith("plateau"):
                last = int(min(336, data["end"].max() / 2))
                around = (reported["T"] - 1, reported["T"] + 1, generator.integers(1, last + 1))
                ends = [int(end) for end in around if 1 <= end <= last]
            for end in ends:
                for start in starts(family, likelihood, reported, generator, data):
                    found = climb(family, likelihood, start, data, end)
                    if found > fit["loglik"] + 0.01:
                        print("%s: %.4f reported, %.4f found" % (where, fit["loglik"], found))
                        mistakes += 1
    return fits, mistakes


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--short"]):
        sys.exit(__doc__)
    fits = mistakes = 0
    with tempfile.TemporaryDirectory() as directory:
        for kind in range(KINDS):
            done, wrong = judge(sys.argv[1], kind, directory, len(sys.argv) > 2)
            fits, mistakes = fits + done, mistakes + wrong
    print("judge_fits: %d fits, %d mistakes" % (fits, mistakes))
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
