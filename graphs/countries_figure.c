/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "countries": where the sources of SYNs to the port were, by country and, where a
 * database of autonomous systems was given, by provider. The census has the distinct sources of
 * each day; over several days a source counts once a day. */
#include "figure.h"

#include "census_record.h"
#include "../analysis/country_name.h"
#include "frame.h"
#include "palette.h"
#include "plain_text.h"

#include "../observer/base/timestamp.h"

#include <math.h>
#include <string.h>

#define COUNTRY_ROOM  112 /* for names of countries, in 96ths of an inch */
#define PROVIDER_ROOM 168 /* and of providers, at the left of their bars */
#define LETTER_WIDTH  6.1
#define COLUMN_WIDTH  5.1 /* half of a Japanese letter, which a country's name is made of */
#define VALUE_ROOM    92  /* for numbers at the end of the longest bar */
#define ROWS_LEAST    8	  /* fewer bars are no thicker */
#define TICK_ROOM     26  /* from tick to tick, in 96ths of an inch */
#define BAR_HALF      0.36

struct panel {
	const struct census_record_places *places;
	enum word name;
	double left, right; /* of its bars */
	double room;	    /* for names at their left */
	double rows;	    /* places for bars, the same in both panels */
};

static int check(const struct figure_request *request, struct failure *failure)
{
	if (request->census->countries.sources > 0 || request->census->systems.sources > 0)
		return 0;
	return fail(
		failure, EXIT_FAILED,
		"%.128s: no sources by country in its census: import or observe with a database, "
		"--country FILE or --as FILE",
		request->analysis[0].series->name);
}

/* Code of a country or name of a provider, or what stands for several. */
static const char *place_name(const struct census_record_place *place, enum language language)
{
	return place->others	? word(language, WORD_OTHERS)
	       : place->unknown ? word(language, WORD_UNKNOWN)
				: place->name;
}

static void name_place(const struct census_record_place *place, enum language language, char *text)
{
	plain_text(country_name(place_name(place, language), language), text, WORD_TEXT_SIZE);
}

static void write_csv_places(FILE *csv, const char *kind, const struct census_record_places *places)
{
	for (size_t i = 0; i < places->places; i++) {
		fprintf(csv, "%s,", kind);
		plain_text_csv(place_name(&places->place[i], LANGUAGE_ENGLISH), csv);
		fprintf(csv, ",%.0f,%.9g,%.0f,%s\n", places->place[i].sources,
			100 * places->place[i].sources / places->sources, places->place[i].syn,
			places->exact ? "yes" : "no");
	}
}

static void write_csv(FILE *csv, const struct figure_request *request)
{
	fputs("kind,name,sources_each_once_a_day,percent_of_sources,syn,sources_exact\n", csv);
	write_csv_places(csv, "country", &request->census->countries);
	write_csv_places(csv, "provider", &request->census->systems);
}

static void plan(struct frame *frame, const struct figure_request *request)
{
	frame_plan(frame, request, 24, TIME_SCALE_LINEAR);
	frame->top = 62;
	frame->bottom = FIGURE_HEIGHT - 44;
}

static size_t plan_panels(const struct census_record *census, struct panel panel[2])
{
	size_t panels = 0;
	bool both = census->countries.sources > 0 && census->systems.sources > 0;
	double middle = both ? FIGURE_WIDTH * 0.46 : FIGURE_WIDTH;
	double rows = fmax(ROWS_LEAST,
			   fmax((double)census->countries.places, (double)census->systems.places));
	if (census->countries.sources > 0)
		panel[panels++] = (struct panel){.places = &census->countries,
						 .name = WORD_COUNTRIES,
						 .left = 12 + COUNTRY_ROOM,
						 .right = middle - 18,
						 .room = COUNTRY_ROOM,
						 .rows = rows};
	if (census->systems.sources > 0)
		panel[panels++] = (struct panel){.places = &census->systems,
						 .name = WORD_PROVIDERS,
						 .left = (both ? middle : 12) + PROVIDER_ROOM,
						 .right = FIGURE_WIDTH - 18,
						 .room = PROVIDER_ROOM,
						 .rows = rows};
	return panels;
}

static double row_place(const struct frame *frame, const struct panel *panel, double row)
{
	return frame->top + (row + 0.5) / panel->rows * (frame->bottom - frame->top);
}

/* None beyond 100 %. */
static void write_ticks(double room_per_percent, FILE *script)
{
	static const double steps[] = {0.5, 1, 2, 5, 10, 20, 50};
	size_t chosen = 0;
	while (chosen + 1 < sizeof steps / sizeof steps[0] &&
	       steps[chosen] * room_per_percent < TICK_ROOM)
		chosen++;
	fprintf(script, "set xtics 0, %g, 100\n", steps[chosen]);
}

static void write_names(const struct frame *frame, const struct panel *panel, FILE *script)
{
	frame_write_label(script, word(frame->language, panel->name), ":Bold,8",
			  panel->left - panel->room, 48, "left");
	for (size_t i = 0; i < panel->places->places; i++) {
		char name[WORD_TEXT_SIZE];
		name_place(&panel->places->place[i], frame->language, name);
		bool japanese =
			frame->language == LANGUAGE_JAPANESE && panel->name == WORD_COUNTRIES;
		frame_fit_text(name, panel->room - 8, japanese ? COLUMN_WIDTH : LETTER_WIDTH);
		frame_write_label(script, name, ",7.5", panel->left - 6,
				  row_place(frame, panel, (double)i), "right");
	}
}

static void write_bars(const struct panel *panel, size_t number, FILE *script)
{
	const struct census_record_places *places = panel->places;
	double highest = 0, width = panel->right - panel->left;
	fprintf(script, "$bars%zu << EOD\n", number);
	for (size_t i = 0; i < places->places; i++) {
		double percent = 100 * places->place[i].sources / places->sources;
		bool named = !places->place[i].others && !places->place[i].unknown;
		highest = fmax(highest, percent);
		fprintf(script, "%zu %.9g %d \"  %.1f %% (%.0f)\"\n", i, percent, named, percent,
			places->place[i].sources);
	}
	fputs("EOD\n", script);
	write_ticks((width - VALUE_ROOM) / fmax(highest, 1e-3), script);
	fprintf(script,
		"set lmargin at screen %.5f\nset rmargin at screen %.5f\n"
		"set xrange [0:%.9g]\nset yrange [%.9g:-0.5]\n"
		"plot $bars%zu using (0):1:(0):2:($1 - %g):($1 + %g):($3 == 1 ? %d : %d) with "
		"boxxyerror fillstyle solid noborder linecolor rgb variable notitle, \\\n"
		"$bars%zu using 2:1:(stringcolumn(4)) with labels left "
		"font '" FIGURE_FONT ",7.5' notitle\n"
		"unset label\n",
		panel->left / FIGURE_WIDTH, panel->right / FIGURE_WIDTH,
		highest * width / (width - VALUE_ROOM) + 1e-3, panel->rows - 0.5, number, BAR_HALF,
		BAR_HALF, 0x0072B2, 0xAAAAAA, number);
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	(void)layers;
	struct frame frame;
	struct panel panel[2];
	plan(&frame, request);
	const struct census_record *census = request->census;
	size_t panels = plan_panels(census, panel);
	char below[WORD_TEXT_SIZE], from[TIMESTAMP_TEXT_SIZE], to[TIMESTAMP_TEXT_SIZE];
	timestamp_format_date(census->first_day * 86400, from);
	timestamp_format_date((census->first_day + (int64_t)census->days - 1) * 86400, to);
	word_fill(frame.language, WORD_SOURCES_BELOW, from, to, below);
	fputs("set multiplot\n", script);
	frame_write_sheet(&frame, word(frame.language, WORD_SOURCES_ABOUT), below, script);
	fputs("set border 3\nunset ytics\nset xtics nomirror\nset format x '%g'\n"
	      "set grid xtics linetype 1 linecolor rgb '" COLOUR_GRID "' linewidth 0.6\n",
	      script);
	for (size_t i = 0; i < panels; i++) {
		write_names(&frame, &panel[i], script);
		frame_write_label(script, word(frame.language, WORD_SHARE_OF_SOURCES), ",8",
				  (panel[i].left + panel[i].right) / 2, frame.bottom + 30,
				  "center");
	}
	for (size_t i = 0; i < panels; i++)
		write_bars(&panel[i], i, script);
	fputs("unset multiplot\n", script);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	struct frame frame;
	plan(&frame, request);
	const struct census_record_places *places = request->census->countries.places > 0
							    ? &request->census->countries
							    : &request->census->systems;
	char name[WORD_TEXT_SIZE];
	frame_describe(&frame, word(frame.language, WORD_SOURCES_ABOUT), description);
	name_place(&places->place[0], frame.language, name);
	word_fill(frame.language, WORD_SOURCES_TEXT, name, NULL, description->text);
}

const struct figure countries_figure = {
	.name = "countries",
	.summary = "the sources by country, and by provider where that was counted",
	.targets_max = FIGURE_TARGETS_MAX,
	.days_max = 0,
	.source = FIGURE_FROM_CENSUS,
	.check = check,
	.write_csv = write_csv,
	.draw = draw,
	.describe = describe,
};
