/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layers.h"

#include "plain_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct layer_row layer_row_at(const char *layer, double from_hours, double to_hours)
{
	return (struct layer_row){layer, from_hours, to_hours, NAN, NAN, NAN, NAN, NAN, 0};
}

int layers_add(struct layers *layers, struct layer_row row, struct failure *failure)
{
	if (layers->rows == layers->capacity) {
		size_t capacity = layers->capacity ? layers->capacity * 2 : 256;
		if (capacity > LAYER_ROWS_MAX)
			capacity = LAYER_ROWS_MAX;
		if (layers->rows == capacity)
			return fail(failure, EXIT_FAILED,
				    "more than %d points in one figure: choose fewer --days",
				    LAYER_ROWS_MAX);
		struct layer_row *grown = realloc(layers->row, capacity * sizeof *grown);
		if (!grown)
			return fail(failure, EXIT_FAILED, "out of memory for a figure");
		layers->row = grown;
		layers->capacity = capacity;
	}
	layers->row[layers->rows++] = row;
	return 0;
}

void layers_free(struct layers *layers)
{
	free(layers->row);
	*layers = (struct layers){0};
}

size_t layers_count(const struct layers *layers, const char *layer)
{
	size_t count = 0;
	for (size_t i = 0; i < layers->rows; i++)
		count += strcmp(layers->row[i].layer, layer) == 0;
	return count;
}

static void write_number(FILE *stream, char before, double number, const char *unknown)
{
	if (before)
		putc(before, stream);
	if (isfinite(number))
		fprintf(stream, "%.9g", number);
	else
		fputs(unknown, stream);
}

void layers_write_block(const struct layers *layers, const char *layer, axis_position position,
			FILE *script)
{
	fprintf(script, "$%s << EOD\n", layer);
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, layer) != 0)
			continue;
		double from = position(row->from_hours), to = position(row->to_hours);
		write_number(script, 0, from, "NaN");
		write_number(script, ' ', to, "NaN");
		write_number(script, ' ', row->value, "NaN");
		write_number(script, ' ', row->low, "NaN");
		write_number(script, ' ', row->high, "NaN");
		write_number(script, ' ', (from + to) / 2, "NaN");
		putc('\n', script);
	}
	if (layers_count(layers, layer) == 0)
		fputs("NaN NaN NaN NaN NaN NaN\n", script);
	fputs("EOD\n", script);
}

static void write_corner(double place, double value, double least, FILE *script)
{
	/* Not fmax(), which takes `least` for what is not known. */
	fprintf(script, "%.9g %.9g\n", place, value < least ? least : value);
}

void layers_write_steps(const struct layers *layers, const char *layer, axis_position position,
			double least, FILE *script)
{
	const struct layer_row *before = NULL;
	fprintf(script, "$%s << EOD\n", layer);
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (strcmp(row->layer, layer) != 0)
			continue;
		bool follows = before && row->from_hours <= before->to_hours + 1e-6;
		if (before && (!follows || row->value != before->value))
			write_corner(position(before->to_hours), before->value, least, script);
		if (before && !follows)
			putc('\n', script);
		if (!follows || row->value != before->value)
			write_corner(position(row->from_hours), row->value, least, script);
		before = row;
	}
	if (before)
		write_corner(position(before->to_hours), before->value, least, script);
	else
		fputs("NaN NaN\n", script);
	fputs("EOD\n", script);
}

void layers_write_csv(const struct layers *layers, const struct layer_names *names, FILE *stream)
{
	fprintf(stream,
		"%slayer,from_hours_since_retirement,to_hours_since_retirement,%s,low95_%s,"
		"high95_%s,%s,observed_hours\n",
		names->target ? "target," : "", names->value, names->value, names->value,
		names->count);
	for (size_t i = 0; i < layers->rows; i++) {
		const struct layer_row *row = &layers->row[i];
		if (names->target) {
			plain_text_csv(names->target[row->target], stream);
			putc(',', stream);
		}
		fputs(row->layer, stream);
		write_number(stream, ',', row->from_hours, "");
		write_number(stream, ',', row->to_hours, "");
		write_number(stream, ',', row->value, "");
		write_number(stream, ',', row->low, "");
		write_number(stream, ',', row->high, "");
		write_number(stream, ',', row->count, "");
		write_number(stream, ',', row->observed_hours, "");
		putc('\n', stream);
	}
}
