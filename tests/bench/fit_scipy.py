#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same fits as tests/bench/fit_once.c by scipy: L-BFGS-B with its numeric gradient over the
logarithms of the parameters, on all rows, from the same starts.

    fit_scipy.py SERIES.csv RETIRED < what fit_once printed

Prints the seconds of processor time (reading left out) and, per family, its name and the
log-likelihood reached.
"""
import os
import sys
import time

# One core, as for what it is compared with.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../oracle"))
import numpy as np
from scipy import optimize, special
import judge_fits


def main():
    rows = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
    rows = rows[rows[:, 2] > 0]
    start = (rows[:, 0] - float(sys.argv[2])) / 3600
    rows, start = rows[start >= 0], start[start >= 0]
    data = {"start": start, "end": start + 1 / 12, "exposure": rows[:, 2] / 300,
            "count": rows[:, 1]}
    took, lines = 0, []
    for line in sys.stdin.read().splitlines()[1:]:
        family, _, *first = line.split()
        names = judge_fits.NAMES[family]
        bounds = [tuple(np.log(judge_fits.BOX[name])) for name in names]
        count = data["count"]
        began = time.process_time()
        constant = special.gammaln(count + 1).sum()

        def depth(place):
            mean = np.maximum(judge_fits.mean(family, dict(zip(names, np.exp(place))), data),
                              1e-300)
            found = (special.xlogy(count, mean) - mean).sum() - constant
            return -found if np.isfinite(found) else 1e12

        place = np.clip(np.log([float(value) for value in first]),
                        [low for low, _ in bounds], [high for _, high in bounds])
        result = optimize.minimize(depth, place, method="L-BFGS-B", bounds=bounds)
        took += time.process_time() - began
        lines.append("%s %.9f" % (family, -result.fun))
    print("%.6f" % took)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
