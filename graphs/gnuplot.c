/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gnuplot.h"

#include "plain_text.h"
#include "png.h"
#include "program.h"
#include "svg.h"

#include "../observer/base/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A figure of the size above takes well under a second and a megabyte; these stop what has gone
 * wrong, and nothing else. */
#define DRAWING_SECONDS 60
#define DRAWING_LIMIT	((size_t)64 << 20)

void gnuplot_quote(FILE *script, const char *text)
{
	putc('\'', script);
	while (*text) {
		char character[PLAIN_CHARACTER_SIZE];
		plain_character(&text, character);
		fputs(strcmp(character, "'") == 0 ? "\xE2\x80\x99" : character, script);
	}
	putc('\'', script);
}

void gnuplot_begin(FILE *script, enum figure_format format, double dpi)
{
	double scale = (dpi > 0 ? dpi : FIGURE_DPI) / 96;
	/* Font sizes in scripts are points on paper. What the terminals make
	 * of them was measured: these scales give letters and lines of one size in all three. */
	if (format == FORMAT_SVG)
		fprintf(script,
			"set terminal svg size %d,%d font '" FIGURE_FONT
			",8' fontscale 1.3333 rounded background '#FFFFFF'\n",
			FIGURE_WIDTH, FIGURE_HEIGHT);
	else if (format == FORMAT_PNG)
		fprintf(script,
			"set terminal pngcairo size %.0f,%.0f font '" FIGURE_FONT
			",8' fontscale %.4f linewidth %.4f pointscale %.4f background '#FFFFFF'\n",
			FIGURE_WIDTH * scale, FIGURE_HEIGHT * scale, scale, scale, scale);
	else
		fprintf(script,
			"set terminal pdfcairo size %.4fin,%.4fin font '" FIGURE_FONT
			",8' fontscale 0.75 linewidth 1.5 background '#FFFFFF'\n",
			FIGURE_WIDTH / 96.0, FIGURE_HEIGHT / 96.0);
	fputs("set encoding utf8\n", script);
}

/* cairo stamps a PDF with the time of day. */
static void date_pdf(char *bytes, size_t length, int64_t seconds)
{
	static const char key[] = "/CreationDate (D:";
	char *found = memmem(bytes, length, key, sizeof key - 1);
	time_t instant = (time_t)seconds;
	struct tm utc;
	char date[16];
	if (!found || !gmtime_r(&instant, &utc) ||
	    strftime(date, sizeof date, "%Y%m%d%H%M%S", &utc) != 14)
		return;
	found += sizeof key - 1;
	if (length - (size_t)(found - bytes) >= 14)
		memcpy(found, date, 14);
}

static int size_png(char **drawing, size_t *length, double dpi, struct failure *failure)
{
	char *roomier = realloc(*drawing, *length + PNG_DENSITY_SIZE);
	if (!roomier)
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	*drawing = roomier;
	*length = png_set_density(roomier, *length, dpi > 0 ? dpi : FIGURE_DPI);
	return 0;
}

static int check_drawing(const char *bytes, size_t length, enum figure_format format,
			 struct failure *failure)
{
	static const char *const beginning[] = {"<?xml", "\x89PNG\r\n", "%PDF-"};
	static const char *const ending[] = {"</svg>", "IEND", "%%EOF"};
	size_t tail = length < 32 ? length : 32;
	if (length > strlen(beginning[format]) &&
	    memcmp(bytes, beginning[format], strlen(beginning[format])) == 0 &&
	    memmem(bytes + length - tail, tail, ending[format], strlen(ending[format])))
		return 0;
	return fail(
		failure, EXIT_FAILED,
		"gnuplot drew no whole figure: try 'gnuplot --version' (5.4 or later is needed)");
}

int gnuplot_draw(const char *script, size_t script_length, enum figure_format format,
		 const struct figure_description *description, char **bytes, size_t *length,
		 struct failure *failure)
{
	/* By its name: the standard input itself is read a byte at a time. */
	static const char *const arguments[] = {"gnuplot", "-d", "/dev/stdin", NULL};
	static const struct program gnuplot = {arguments, "run 'apt install gnuplot-nox'",
					       DRAWING_SECONDS, DRAWING_LIMIT};
	char *drawing = NULL;
	if (program_run(&gnuplot, script, script_length, &drawing, length, failure) != 0)
		return -1;
	int result = check_drawing(drawing, *length, format, failure);
	if (result == 0 && format == FORMAT_SVG) {
		result = svg_tidy(drawing, *length, description, bytes, length, failure);
	} else if (result == 0 && format == FORMAT_PNG) {
		result = size_png(&drawing, length, description->dpi, failure);
	} else if (result == 0) {
		date_pdf(drawing, *length, description->time);
	}
	if (result == 0 && format != FORMAT_SVG) {
		*bytes = drawing;
		drawing = NULL;
	}
	free(drawing);
	return result;
}

static int check_japanese(struct failure *failure)
{
	static const char *const arguments[] = {"fc-list", ":lang=ja", "family", NULL};
	static const struct program fc_list = {arguments, "run 'apt install fontconfig'", 30,
					       (size_t)1 << 20};
	char *families = NULL;
	size_t length;
	if (program_run(&fc_list, "", 0, &families, &length, failure) != 0)
		return -1;
	free(families);
	return length > 0 ? 0
			  : fail(failure, EXIT_FAILED,
				 "no font with Japanese letters is installed: run 'apt install "
				 "fonts-ipaexfont-gothic'");
}

int gnuplot_check_font(enum language language, struct failure *failure)
{
	static const char *const arguments[] = {"fc-match", "-f", "%{family}", FIGURE_FONT, NULL};
	static const struct program fc_match = {arguments, "run 'apt install fontconfig'", 30,
						4096};
	char *family = NULL;
	size_t length;
	if (program_run(&fc_match, "", 0, &family, &length, failure) != 0)
		return -1;
	int result = 0;
	if (!strstr(family, FIGURE_FONT)) {
		char found[100];
		result = fail(failure, EXIT_FAILED,
			      "the font " FIGURE_FONT
			      " is not installed (%s would stand in for it): "
			      "run 'apt install fonts-dejavu-core'",
			      plain_text(family, found, sizeof found));
	}
	free(family);
	return result == 0 && language == LANGUAGE_JAPANESE ? check_japanese(failure) : result;
}
