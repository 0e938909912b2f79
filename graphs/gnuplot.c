/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gnuplot.h"

#include "plain_text.h"
#include "pdf.h"
#include "png.h"
#include "program.h"
#include "svg.h"

#include "../observer/base/timestamp.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A figure of the size above takes well under a second and a megabyte; these, for each, stop what
 * has gone wrong, and nothing else. */
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

/* Terminal and output settings for a format; dpi (0 for FIGURE_DPI) is that of a PNG. */
static void write_terminal(FILE *script, enum figure_format format, double dpi)
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

static int size_png(struct figure_file *file, double dpi, struct failure *failure)
{
	char *roomier = realloc(file->bytes, file->length + PNG_DENSITY_SIZE);
	if (!roomier)
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	file->bytes = roomier;
	file->length = png_set_density(roomier, file->length, dpi > 0 ? dpi : FIGURE_DPI);
	return 0;
}

/* Length of the drawing of that format which begins the bytes, 0 when there is none whole. No text
 * inside a drawing looks like its end: '<' is escaped in an SVG, the others go by what they tell of
 * their lengths. */
static size_t drawing_length(const char *bytes, size_t length, enum figure_format format)
{
	static const char declaration[] = "<?xml";
	if (format == FORMAT_PNG)
		return png_length(bytes, length);
	if (format == FORMAT_PDF)
		return pdf_length(bytes, length);
	if (length < sizeof declaration - 1 ||
	    memcmp(bytes, declaration, sizeof declaration - 1) != 0)
		return 0;
	const char *end = memmem(bytes, length, "</svg>", 6);
	return end ? (size_t)(end - bytes) + 6 : 0;
}

static int take_drawing(const char *bytes, size_t length, enum figure_format format,
			const struct figure_description *description, struct figure_file *file,
			struct failure *failure)
{
	if (format == FORMAT_SVG)
		return svg_tidy(bytes, length, description, &file->bytes, &file->length, failure);
	file->bytes = malloc(length);
	if (!file->bytes)
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	memcpy(file->bytes, bytes, length);
	file->length = length;
	if (format == FORMAT_PNG)
		return size_png(file, description->dpi, failure);
	pdf_set_date(file->bytes, length, description->time);
	return 0;
}

/* What gnuplot wrote, one drawing after the other, between them nothing but white space. */
struct output {
	const char *bytes;
	size_t length;
};

static int take_drawings(struct output *output, struct gnuplot_drawing *drawing,
			 struct failure *failure)
{
	for (int format = 0; format < FORMATS_DRAWN; format++) {
		if (!(drawing->formats & FORMAT_BIT(format)))
			continue;
		while (output->length > 0 && (*output->bytes == '\n' || *output->bytes == ' ')) {
			output->bytes++;
			output->length--;
		}
		size_t drawn =
			drawing_length(output->bytes, output->length, (enum figure_format)format);
		if (drawn == 0)
			return fail(failure, EXIT_FAILED,
				    "gnuplot drew no whole figure: try 'gnuplot --version' (5.4 or "
				    "later is needed)");
		if (take_drawing(output->bytes, drawn, (enum figure_format)format,
				 &drawing->description, &drawing->file[format], failure) != 0)
			return -1;
		output->bytes += drawn;
		output->length -= drawn;
	}
	return 0;
}

/* Every script once for each of its formats (malloc'd); NULL when there is no memory. */
static char *join_scripts(const struct gnuplot_drawing *drawing, size_t drawings, size_t *length)
{
	char *whole = NULL;
	FILE *stream = open_memstream(&whole, length);
	if (!stream)
		return NULL;
	for (size_t i = 0; i < drawings; i++)
		for (int format = 0; format < FORMATS_DRAWN; format++) {
			if (!(drawing[i].formats & FORMAT_BIT(format)))
				continue;
			write_terminal(stream, (enum figure_format)format,
				       drawing[i].description.dpi);
			fwrite(drawing[i].script, 1, drawing[i].length, stream);
			fputs("reset\n", stream);
		}
	bool failed = ferror(stream) != 0;
	if (fclose(stream) == 0 && !failed)
		return whole;
	free(whole);
	return NULL;
}

static void free_drawings(struct gnuplot_drawing *drawing, size_t drawings)
{
	for (size_t i = 0; i < drawings; i++)
		for (int format = 0; format < FORMATS_DRAWN; format++) {
			free(drawing[i].file[format].bytes);
			drawing[i].file[format] = (struct figure_file){0};
		}
}

int gnuplot_draw(struct gnuplot_drawing *drawing, size_t drawings, struct failure *failure)
{
	/* By its name: the standard input itself is read a byte at a time. */
	static const char *const arguments[] = {"gnuplot", "-d", "/dev/stdin", NULL};
	const struct program gnuplot = {arguments, "run 'apt install gnuplot-nox'",
					DRAWING_SECONDS * (int)drawings, DRAWING_LIMIT * drawings};
	size_t script_length, length;
	for (size_t i = 0; i < drawings; i++)
		memset(drawing[i].file, 0, sizeof drawing[i].file);
	char *script = join_scripts(drawing, drawings, &script_length);
	if (!script)
		return fail(failure, EXIT_FAILED, "out of memory for a figure");
	char *bytes = NULL;
	int result = program_run(&gnuplot, script, script_length, &bytes, &length, failure);
	free(script);
	struct output output = {bytes, result == 0 ? length : 0};
	for (size_t i = 0; i < drawings && result == 0; i++)
		result = take_drawings(&output, &drawing[i], failure);
	free(bytes);
	if (result != 0)
		free_drawings(drawing, drawings);
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
