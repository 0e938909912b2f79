/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gnuplot: draws a script to bytes. Scripts are ours alone: numbers go into data blocks, text
 * from outside only through gnuplot_quote(), and no user start-up file is read, so that nothing
 * in a name can become a command. */
#ifndef STALENODE_GNUPLOT_H
#define STALENODE_GNUPLOT_H

#include "../analysis/language.h"
#include "../observer/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum figure_format { FORMAT_SVG, FORMAT_PNG, FORMAT_PDF, FORMAT_CSV, FORMATS };
#define FORMATS_DRAWN FORMAT_CSV /* gnuplot makes those before it */
/* Formats in a set are bits. */
#define FORMAT_BIT(format) (1u << (format))
#define FORMATS_ALL	   (FORMAT_BIT(FORMATS) - 1)

/* 170 mm x 95 mm: the text width of an A4 page. Figures are laid out in 96ths of an inch
 * whatever the format. */
#define FIGURE_WIDTH  643
#define FIGURE_HEIGHT 359
#define FIGURE_FONT   "DejaVu Sans"

/* A quoted gnuplot string: single quotes (in which gnuplot runs no command, expands no macro and
 * reads no escape), the text made plain first, each ' in it set as U+2019. Doubling it, as the
 * manual has it, does not hold: gnuplot 5.4 takes three of them at a string's beginning for its
 * end. */
void gnuplot_quote(FILE *script, const char *text);

/* Dots per inch of a PNG, unless asked otherwise: enough for print, small enough for a page. */
#define FIGURE_DPI     200
#define FIGURE_DPI_MAX 1200

/* What a figure's file says of itself. */
struct figure_description {
	char title[256]; /* outside text in it is made plain when written */
	char text[1024]; /* one or two sentences for who cannot see the figure */
	int64_t time; /* UTC seconds; a PDF must carry a date: the end of the record, never now */
	double dpi;   /* of a PNG; 0 for FIGURE_DPI */
};

struct figure_file {
	char *bytes; /* malloc'd, the caller frees */
	size_t length;
};

/* One figure to be drawn in some formats. */
struct gnuplot_drawing {
	const char *script; /* sets no terminal and no output; borrowed */
	size_t length;
	unsigned formats; /* a set; those not drawn are passed over */
	struct figure_description description;
	struct figure_file file[FORMATS_DRAWN]; /* filled; those of other formats become empty */
};

/* Draws all in one process: starting one costs as much as several figures as SVG. The same script
 * gives the same bytes, alone or with others. Nothing is to be freed after a failure. */
int gnuplot_draw(struct gnuplot_drawing *drawing, size_t drawings, struct failure *failure);

/* 0 when the fonts that figures in this language need are installed (fontconfig knows them), else
 * a failure that says how to install them: a missing font raises no error of its own, only ugly
 * figures, or boxes in place of Japanese letters. */
int gnuplot_check_font(enum language language, struct failure *failure);

#endif
