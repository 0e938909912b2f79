/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The figure "mechanism": how a recycled address inherits calls, in three steps. It draws no
 * data: it is for the page, the talk and the help desk. */
#include "figure.h"

#include "frame.h"
#include "palette.h"

#define STEPS	    3
#define CALLERS	    3
#define PANEL_WIDTH ((FIGURE_WIDTH - 24.0) / STEPS)
#define CALLER_Y    98
#define NODE_Y	    226
#define NODE_RADIUS 15
#define CALLER_STEP 60 /* between two callers */
#define LIST_WIDTH  20
#define LIST_LINE   7
#define LIST_LINES  3
#define CAPTION_Y   296
#define LINE_HEIGHT 13

static const char address[] = "198.51.100.7"; /* of documentation */

static double middle_of(int step)
{
	return 12 + PANEL_WIDTH * (step + 0.5);
}

static double caller_place(int step, int caller)
{
	return middle_of(step) + CALLER_STEP * (caller - 1) - LIST_WIDTH / 2.0;
}

static void write_box(FILE *script, double left, double top, double width, double height,
		      const char *style)
{
	fprintf(script,
		"set object rectangle from screen %.5f, screen %.5f to screen %.5f, screen %.5f "
		"%s\n",
		left / FIGURE_WIDTH, 1 - top / FIGURE_HEIGHT, (left + width) / FIGURE_WIDTH,
		1 - (top + height) / FIGURE_HEIGHT, style);
}

static void write_node(FILE *script, double x, double y, const char *name, const char *fill,
		       const char *line, const char *text)
{
	char style[64];
	fprintf(script,
		"set object circle at screen %.5f, screen %.5f size screen %.5f fillcolor rgb '%s' "
		"fillstyle solid border linecolor rgb '%s' linewidth 1.2 front\n",
		x / FIGURE_WIDTH, 1 - y / FIGURE_HEIGHT, (double)NODE_RADIUS / FIGURE_WIDTH, fill,
		line);
	snprintf(style, sizeof style, "center front textcolor rgb '%s'", text);
	frame_write_label(script, name, ":Bold,9", x, y, style);
}

/* A saved list: its first line is A, in all three steps. */
static void write_list(FILE *script, double left, double top)
{
	write_box(script, left, top, LIST_WIDTH, LIST_LINE * LIST_LINES + 8,
		  "fillcolor rgb '#FFFFFF' fillstyle solid border linecolor rgb '" COLOUR_TEXT
		  "' linewidth 0.8 front");
	write_box(script, left + 2, top + 2, LIST_WIDTH - 4, LIST_LINE + 4,
		  "fillcolor rgb '" COLOUR_YELLOW "' fillstyle solid noborder front");
	frame_write_label(script, "A", ":Bold,6.5", left + LIST_WIDTH / 2.0, top + 7.5,
			  "center front");
	for (int line = 1; line < LIST_LINES; line++)
		write_box(script, left + 4, top + 8 + LIST_LINE * line, LIST_WIDTH - 8, 2,
			  "fillcolor rgb '#AAAAAA' fillstyle solid noborder front");
}

static void write_call(FILE *script, int step, int caller)
{
	static const char *const look[STEPS] = {
		"linecolor rgb '" COLOUR_BLUE "' linewidth 1.4",
		"",
		"linecolor rgb '" COLOUR_VERMILLION "' linewidth 1.6",
	};
	double from = caller_place(step, caller), to = middle_of(step) + 13 * (caller - 1);
	fprintf(script,
		"set arrow from screen %.5f, screen %.5f to screen %.5f, screen %.5f %s size "
		"screen 0.012, 22 filled %s\n",
		from / FIGURE_WIDTH, 1 - (CALLER_Y + NODE_RADIUS + 4.0) / FIGURE_HEIGHT,
		to / FIGURE_WIDTH, 1 - (NODE_Y - NODE_RADIUS - 9.0) / FIGURE_HEIGHT,
		step == 0 ? "heads" : "head", look[step]);
}

static void write_address(FILE *script, enum language language, int step)
{
	static const enum word holder[STEPS] = {WORD_HELD_BY_A, WORD_HELD_BY_NONE,
						WORD_HELD_BY_OTHER};
	double width = PANEL_WIDTH - 40;
	write_box(script, middle_of(step) - width / 2, NODE_Y - 21, width, 60,
		  "fillcolor rgb '#F4F4F4' fillstyle solid border linecolor rgb '#888888' "
		  "linewidth 0.8 behind");
	char text[WORD_TEXT_SIZE];
	word_fill(language, holder[step], address, NULL, text);
	frame_write_label(script, text, ",7.5", middle_of(step), NODE_Y + 29, "center front");
}

static void write_step(FILE *script, enum language language, int step)
{
	static const enum word caption[STEPS][2] = {
		{WORD_STEP_ONLINE, WORD_STEP_ONLINE_MORE},
		{WORD_STEP_STOPPED, WORD_STEP_STOPPED_MORE},
		{WORD_STEP_RECYCLED, WORD_STEP_RECYCLED_MORE},
	};
	static const char *const name[CALLERS] = {"B", "C", "D"};
	write_address(script, language, step);
	for (int caller = 0; caller < CALLERS; caller++) {
		double place = caller_place(step, caller);
		write_node(script, place, CALLER_Y, name[caller], COLOUR_SKY_BLUE, COLOUR_TEXT,
			   COLOUR_TEXT);
		write_list(script, place + NODE_RADIUS + 3, CALLER_Y - 14);
		if (step != 1)
			write_call(script, step, caller);
	}
	if (step == 0)
		write_node(script, middle_of(step), NODE_Y, "A", COLOUR_BLUE, COLOUR_TEXT,
			   "#FFFFFF");
	else if (step == 1)
		write_node(script, middle_of(step), NODE_Y, "A", "#FFFFFF", "#AAAAAA", "#999999");
	else
		write_node(script, middle_of(step), NODE_Y, "E", COLOUR_ORANGE, COLOUR_TEXT,
			   COLOUR_TEXT);
	frame_write_label(script,
			  word(language, step == 0   ? WORD_CALLS_ANSWERED
					 : step == 1 ? WORD_NO_CALLS
						     : WORD_CALLS_STRANGE),
			  ",7.5", middle_of(step), 167,
			  "center front boxed textcolor rgb '" COLOUR_TEXT "'");
	char number[8];
	snprintf(number, sizeof number, "%d", step + 1);
	frame_write_label(script, number, ":Bold,11", middle_of(step) - PANEL_WIDTH / 2 + 8, 62,
			  "left textcolor rgb '" COLOUR_QUIET_TEXT "'");
	for (int line = 0; line < 2; line++)
		frame_write_label(script, word(language, caption[step][line]), ",7.5",
				  middle_of(step), CAPTION_Y + LINE_HEIGHT * line, "center");
}

static void draw(FILE *script, const struct layers *layers, const struct figure_request *request)
{
	(void)layers;
	enum language language = request->language;
	fputs("set termoption noenhanced\nunset border\nunset tics\nunset key\n"
	      "set lmargin 0\nset rmargin 0\nset tmargin 0\nset bmargin 0\n"
	      "set xrange [0:1]\nset yrange [0:1]\n"
	      "set style textbox opaque noborder fillcolor rgb '#FFFFFF' margins 0.6, 0.6\n",
	      script);
	frame_write_label(script, word(language, WORD_MECHANISM_ABOUT), ":Bold,10", 12, 14, "left");
	frame_write_label(script, word(language, WORD_MECHANISM_BELOW), ",8", 12, 29,
			  "left textcolor rgb '" COLOUR_QUIET_TEXT "'");
	for (int step = 0; step < STEPS; step++)
		write_step(script, language, step);
	write_list(script, 12, 326);
	frame_write_label(script, word(language, WORD_SAVED_LIST), ",7.5", 40, 341, "left");
	fputs("plot NaN notitle\n", script);
}

static int check(const struct figure_request *request, struct failure *failure)
{
	(void)request;
	(void)failure;
	return 0;
}

static void write_csv(FILE *csv, const struct figure_request *request)
{
	(void)request;
	fprintf(csv,
		"step,from,to,holder_of_%s,what\n"
		"1,B,A,A,call answered\n1,C,A,A,call answered\n1,D,A,A,call answered\n"
		"2,,,nobody,A stopped; the lists of B C and D keep its address\n"
		"3,B,E,E,SYN that E never asked for\n3,C,E,E,SYN that E never asked for\n"
		"3,D,E,E,SYN that E never asked for\n",
		address);
}

static void describe(struct figure_description *description, const struct figure_request *request)
{
	snprintf(description->title, sizeof description->title, "%s",
		 word(request->language, WORD_MECHANISM_ABOUT));
	snprintf(description->text, sizeof description->text, "%s",
		 word(request->language, WORD_MECHANISM_TEXT));
}

const struct figure mechanism_figure = {
	.name = "mechanism",
	.summary = "how a recycled address inherits calls: a drawing, of no target",
	.targets_max = 0,
	.days_max = 0,
	.source = FIGURE_FROM_NOTHING,
	.check = check,
	.write_csv = write_csv,
	.draw = draw,
	.describe = describe,
};
