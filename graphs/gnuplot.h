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

enum figure_format { FORMAT_SVG, FORMAT_PNG, FORMAT_PDF, FORMAT_CSV };

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

/* Writes the terminal and output settings for a format; dpi (0 for FIGURE_DPI) is that of a PNG. */
void gnuplot_begin(FILE *script, enum figure_format format, double dpi);

/* What a figure's file says of itself. */
struct figure_description {
	char title[256]; /* outside text in it is made plain when written */
	char text[1024]; /* one or two sentences for who cannot see the figure */
	int64_t time; /* UTC seconds; a PDF must carry a date: the end of the record, never now */
	double dpi;   /* of a PNG; 0 for FIGURE_DPI */
};

/* Runs the script (which gnuplot_begin() began for this format, not CSV) and returns the file's
 * bytes, the same for the same script, in *bytes (malloc'd, the caller frees). */
int gnuplot_draw(const char *script, size_t script_length, enum figure_format format,
		 const struct figure_description *description, char **bytes, size_t *length,
		 struct failure *failure);

/* 0 when the fonts that figures in this language need are installed (fontconfig knows them), else
 * a failure that says how to install them: a missing font raises no error of its own, only ugly
 * figures, or boxes in place of Japanese letters. */
int gnuplot_check_font(enum language language, struct failure *failure);

#endif
