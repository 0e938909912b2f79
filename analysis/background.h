/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * background: what the other ports of the address tell of the background on the client's own: how
 * it drifts. The rate of SYNs to other ports, over a window of 7 days around each day, is set
 * against its level: before the experiment where that was counted, else its mean over the record.
 * The background on the port is then b times this drift; how high b is, other ports do not tell. */
#ifndef STALENODE_BACKGROUND_H
#define STALENODE_BACKGROUND_H

#include "series.h"

/* drift[series->rows], above 0, owned by the caller. `level`: SYNs to other ports per hour to which
 * the drift is relative; 0 for their mean over the used rows. -1 when the series does not know
 * other ports, when nothing came to them, or when memory is short. */
int background_drift(double **drift, const struct series *series, double level,
		     struct failure *failure);

#endif
