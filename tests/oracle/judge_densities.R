#!/usr/bin/Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Is the log-likelihood reported for each fit that of R's dpois() and dnbinom() at its parameters?
#
#   Rscript judge_densities.R SERIES.csv FITS RETIRED
#
# FITS has a line for each value of each fit, tab-separated: likelihood, family, name, value. The
# name is that of a parameter, or "loglik". Means are differences of antiderivatives of the rate,
# written from the formulas. Exit status 1 when one differs by more than 1e-6.
#
# A dispersion below 1e-3 is left out: there dnbinom() itself ends before the sixth decimal.

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 3) stop("judge_densities.R SERIES.csv FITS RETIRED")
series <- read.csv(arguments[1])
fits <- read.delim(arguments[2], header = FALSE, colClasses = c(rep("character", 3), "numeric"))
names(fits) <- c("likelihood", "family", "name", "value")
series <- series[series$observed_seconds > 0 & series$bucket_start_unix >= as.numeric(arguments[3]), ]
start <- (series$bucket_start_unix - as.numeric(arguments[3])) / 3600
end <- start + 1 / 12
exposure <- series$observed_seconds / 300

decay <- function(t, tau) -tau * exp(-t / tau)
power <- function(t, c, p) c * (1 + t / c)^(1 - p) / (1 - p)
# The integral of exp(-(t/tau)^beta): by the tail that is the smaller one.
stretched <- function(t1, t2, tau, beta) {
  z1 <- (t1 / tau)^beta
  z2 <- (t2 / tau)^beta
  lower <- pgamma(z2, 1 / beta) - pgamma(z1, 1 / beta)
  upper <- pgamma(z1, 1 / beta, lower.tail = FALSE) - pgamma(z2, 1 / beta, lower.tail = FALSE)
  tau / beta * gamma(1 / beta) * ifelse(z1 > 1 / beta, upper, lower)
}
# log(1 + exp(x)) where exp(x) is beyond all numbers, too
softplus <- function(x) ifelse(x > 30, x, log1p(exp(x)))

residual <- function(family, v) {
  later <- start - v["T"] > -1e-6
  s <- pmax(start - v["T"], 0)
  switch(family,
    const = 0,
    exp = v["A"] * (decay(end, v["tau"]) - decay(start, v["tau"])),
    biexp = v["A1"] * (decay(end, v["tau1"]) - decay(start, v["tau1"])) +
      v["A2"] * (decay(end, v["tau2"]) - decay(start, v["tau2"])),
    weibull = v["A"] * stretched(start, end, v["tau"], v["beta"]),
    omori = v["A"] * (power(end, v["c"], v["p"]) - power(start, v["c"], v["p"])),
    logistic = v["A"] * v["w"] * (softplus((v["T"] - start) / v["w"]) - softplus((v["T"] - end) / v["w"])),
    plateau_exp = ifelse(later, v["A2"] * (decay(s + 1 / 12, v["tau"]) - decay(s, v["tau"])), v["A1"] / 12),
    plateau_omori = ifelse(later, v["A2"] * (power(s + 1 / 12, v["c"], v["p"]) - power(s, v["c"], v["p"])),
      v["A1"] / 12)
  )
}

mistakes <- 0
judged <- 0
for (fit in split(fits, paste(fits$likelihood, fits$family))) {
  v <- setNames(fit$value, fit$name)
  dispersion <- v[names(v) %in% c("phi", "alpha")]
  if (length(dispersion) && dispersion < 1e-3) next
  mu <- pmax(exposure * (residual(fit$family[1], v) + v["b"] / 12), 1e-300)
  own <- sum(switch(fit$likelihood[1],
    poisson = dpois(series$syn, mu, log = TRUE),
    nb1 = dnbinom(series$syn, size = mu / v["phi"], prob = 1 / (1 + v["phi"]), log = TRUE),
    nb2 = dnbinom(series$syn, size = 1 / v["alpha"], mu = mu, log = TRUE)
  ))
  judged <- judged + 1
  if (!is.finite(own) || abs(own - v["loglik"]) > 1e-6) {
    mistakes <- mistakes + 1
    cat(sprintf("%s, %s: reported %.9f, R gives %.9f\n", fit$likelihood[1], fit$family[1], v["loglik"], own))
  }
}
cat(sprintf("judge_densities: %d fits, %d mistakes\n", judged, mistakes))
if (mistakes || judged < 16) quit(status = 1)
