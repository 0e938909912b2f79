#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares `stalenode analyze --json` with a set of reference maxima.

    reference_cases.py path/to/stalenode [CASE...]

The set is the directory that STALENODE_REFERENCE names, else ../shared/reference/decay beside
the checkout: cases/*.csv, truth.json (retired_at) and reference.json (fits[likelihood][family]).
Without it the comparison is skipped; without a CASE all of them are taken. Only families and likelihoods that both sides have are
compared; so are the fits with a daily wave (diurnal) and with a baseline (with_baseline) where the
reference has them, within 0.01 or above. Exit status 1 when fewer than 98 % of the maxima are within 0.01 of the reference or
above it, when one is below by 1 or more, or when fewer than 98 % of the AIC winners (leads above
0.5) agree.
"""
import json
import os
import subprocess
import sys


def reference_directory():
    given = os.environ.get("STALENODE_REFERENCE")
    if given:
        return given
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.normpath(os.path.join(here, "../../../shared/reference/decay"))


def winner(fits, families):
    order = sorted(families, key=lambda family: fits[family]["aic"])
    lead = fits[order[1]]["aic"] - fits[order[0]]["aic"] if len(order) > 1 else 0
    return order[0], lead


def analyze(program, directory, case, truth, *options):
    path = os.path.join(directory, "cases", case + ".csv")
    return json.loads(subprocess.run(
        [program, "analyze", "--json", "--retired", str(truth["retired_at"]), *options, path],
        check=True, capture_output=True).stdout)


def options_gaps(program, directory, case, truth, reference):
    """How far below the reference the fits with a daily wave and with a baseline are."""
    gaps = []
    if "diurnal" in reference:
        answer = analyze(program, directory, case, truth, "--waves", "daily")
        for likelihood, families in reference["diurnal"].items():
            for family, fit in families.items():
                own = answer["modulation"]["fits"]["daily"][likelihood][family]
                gaps.append((fit["loglik"] - own["loglik"], likelihood + " " + family + " daily"))
    if "with_baseline" in reference:
        baseline = "%d/%d" % (truth["baseline"]["syn"], truth["baseline"]["seconds"])
        families = reference["with_baseline"]
        answer = analyze(program, directory, case, truth, "--baseline", baseline,
                         "--likelihood", "poisson", "--family", ",".join(families))
        for family, fit in families.items():
            own = answer["fits"]["poisson"][family]
            gaps.append((fit["loglik"] - own["loglik"], family + " with a baseline"))
    return gaps


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    directory = reference_directory()
    if not os.path.exists(os.path.join(directory, "reference.json")):
        print("reference_cases: skipped, no reference set (STALENODE_REFERENCE)")
        return 0
    with open(os.path.join(directory, "reference.json"), encoding="utf-8") as stream:
        reference = json.load(stream)
    with open(os.path.join(directory, "truth.json"), encoding="utf-8") as stream:
        truth = json.load(stream)
    gaps, agreed, contests, optional, missed = [], 0, 0, 0, 0
    for case in sys.argv[2:] or sorted(reference):
        answer = analyze(sys.argv[1], directory, case, truth[case])
        for gap, what in options_gaps(sys.argv[1], directory, case, truth[case], reference[case]):
            optional += 1
            if gap > 0.01:
                print("%s, %s: %.4f below the reference" % (case, what, gap))
                missed += 1
        for likelihood, fits in answer["fits"].items():
            expected = reference[case]["fits"][likelihood]
            families = [family for family in expected if family in fits]
            for family in families:
                gap = expected[family]["loglik"] - fits[family]["loglik"]
                gaps.append(gap)
                if gap > 0.01:
                    print("%s, %s, %s: %.4f below the reference" %
                          (case, likelihood, family, gap))
            best, lead = winner(expected, families)
            if lead > 0.5:
                contests += 1
                agreed += winner(fits, families)[0] == best
    close = sum(gap < 0.01 for gap in gaps)
    print("reference_cases: %d of %d maxima within 0.01 or above, worst %.2g below; "
          "%d of %d AIC winners; %d of %d fits with options" %
          (close, len(gaps), max(gaps), agreed, contests, optional - missed, optional))
    good = (close >= 0.98 * len(gaps) and max(gaps) < 1 and agreed >= 0.98 * contests
            and not missed)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
