/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * figure: the table of figures. A figure first computes its layers (the numbers), then draws
 * them; a new figure is one file and one line of the table. */
#ifndef STALENODE_FIGURE_H
#define STALENODE_FIGURE_H

#include "../analysis/analysis.h"
#include "../analysis/language.h"
#include "gnuplot.h"
#include "layers.h"

#include <stddef.h>

#define FIGURE_TARGETS_MAX 16 /* more lines in one figure cannot be told apart */

#define COMPARE_FITS_MAX 4 /* bands of more would hide one another */

/* How the time axis runs. On the root axis a position is the square root of the time since
 * retirement: the first hours and the half year are both to be seen. */
enum time_scale { TIME_SCALE_ROOT, TIME_SCALE_LINEAR, TIME_SCALE_LOG };

struct census_record;

/* What a figure reads: the fits too, or of the analysis only its series; and the census. */
enum figure_source { FIGURE_FROM_FITS, FIGURE_FROM_CENSUS, FIGURE_FROM_NOTHING };

struct figure_request {
	const struct analysis *analysis; /* one per target, in the order drawn */
	size_t analyses;
	double days;	       /* length of the time axis; 0 for the figure's own */
	enum time_scale scale; /* for figures that offer several */
	enum language language;
	double dpi;			    /* of a PNG; 0 for FIGURE_DPI */
	const struct census_record *census; /* of the same targets; for figures that need it */
};

struct figure {
	const char *name;		 /* as on the command line */
	const char *summary;		 /* a clause: no capital, no full stop */
	size_t targets_min, targets_max; /* in one figure; a minimum of 0 is 1 */
	const char *value; /* its value in a CSV: unit and all; NULL: counts per 5 minutes */
	double days_max;   /* longest time axis */
	enum figure_source source;
	/* Fills the (empty) layers. */
	int (*compute)(struct layers *layers, const struct figure_request *request,
		       struct failure *failure);
	/* Or, for data that are no layers of time, instead of compute: refuses the request when
	 * there is nothing to draw, and writes the CSV. */
	int (*check)(const struct figure_request *request, struct failure *failure);
	void (*write_csv)(FILE *csv, const struct figure_request *request);
	/* Writes the script after gnuplot_begin(). */
	void (*draw)(FILE *script, const struct layers *layers,
		     const struct figure_request *request);
	void (*describe)(struct figure_description *description,
			 const struct figure_request *request);
};

extern const struct figure window_figure;
extern const struct figure decay_figure;
extern const struct figure loglog_figure;
extern const struct figure survival_figure;
extern const struct figure background_figure;
extern const struct figure compare_figure;
extern const struct figure ports_figure;
extern const struct figure countries_figure;
extern const struct figure mechanism_figure;

/* What the figure "window" shows unless asked otherwise: the first three days, or all of a shorter
 * record. */
double window_hours(const struct analysis *analysis);

/* The figure of that place in the table, or NULL behind its end. */
const struct figure *figure_at(size_t place);
const struct figure *figure_find(const char *name);

/* Checks the request against the figure (EXIT_WRONG_USE) and renders it into *bytes (malloc'd,
 * the caller frees). The same request gives the same bytes. */
int figure_render(const struct figure *figure, const struct figure_request *request,
		  enum figure_format format, char **bytes, size_t *length, struct failure *failure);

/* How the name of a file of that format ends: ".svg". */
const char *figure_suffix(enum figure_format format);

/* A figure and where it goes. */
struct figure_order {
	const struct figure *figure;
	struct figure_request request;
	const char *path; /* of its files, less the suffix */
};

/* The same for all that is ordered, at least one figure, in each format of the set (FORMAT_BIT()),
 * each file whole or not at all. Figures drawn together cost less than one by one. */
int figure_write(const struct figure_order *order, size_t orders, unsigned formats,
		 struct failure *failure);

#endif
