/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain_page.h"

#include "alert_bars.h"
#include "figure.h"
#include "html.h"
#include "page.h"

#include "../analysis/alerts/client_table.h"
#include "../analysis/alerts/explain_words.h"
#include "../analysis/alerts/explanation_words.h"
#include "../analysis/phrase.h"
#include "../observer/base/timestamp.h"
#include "../observer/base/whole_file.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define TOLD	     5 /* clusters with all that is to be said of them: those of most alerts */
#define MORE	     3 /* and calls that the address inherits, however few */
#define MORE_REMOTES 3
#define ROWS	     100 /* of the table */
#define SHEET_ROWS   15	 /* of a table that is kept on one sheet of paper */

static void write_read(FILE *page, const struct explanation *explanation, enum language language)
{
	char text[EXPLANATION_TEXT_SIZE];
	words_read(explanation, language, text, sizeof text);
	html_print(page, "<p>%s</p>\n", text);
	words_guessed(explanation, language, text, sizeof text);
	if (text[0])
		html_print(page, "<p>%s</p>\n", text);
	if (explanation->anonymised)
		html_print(page, "<p>%s</p>\n", explain_words_of(language)->anonymised);
}

static void write_picture(FILE *page, const struct explanation *explanation,
			  const struct cluster *cluster, enum language language)
{
	const struct cluster_totals *totals = cluster_table_totals(explanation->table);
	char width[64], caption[EXPLANATION_TEXT_SIZE], counts[EXPLANATION_TEXT_SIZE];
	if (cluster->first_us == ALERT_TIME_UNKNOWN)
		return;
	phrase_duration((double)cluster->bins.width / 3600.0, language, width, sizeof width);
	language_fill(caption, sizeof caption, explain_words_of(language)->picture,
		      (const char *[]){width}, 1);
	words_counts(cluster, language, counts, sizeof counts);
	fputs("<figure>\n", page);
	alert_bars_write(page, &cluster->bins, totals->from_us / 1000000, totals->to_us / 1000000,
			 counts);
	html_print(page, "<figcaption>%s</figcaption>\n</figure>\n", caption);
}

static void write_reasons(FILE *page, const struct diagnosis *diagnosis, bool against,
			  enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	char text[EXPLANATION_TEXT_SIZE];
	bool begun = false;
	for (size_t i = 0; i < diagnosis->reasons; i++) {
		const struct reason *reason = &diagnosis->reason[i];
		if ((reason->for_ != diagnosis->likeliest) != against)
			continue;
		if (!begun)
			html_print(page, "<dt>%s</dt><dd><ul>",
				   against ? words->against : words->reasons);
		begun = true;
		words_fact(&reason->fact, language, text, sizeof text);
		html_print(page, "<li>%s</li>", text);
	}
	if (begun)
		fputs("</ul></dd>\n", page);
}

static void write_others(FILE *page, const struct diagnosis *diagnosis, enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	char text[EXPLANATION_TEXT_SIZE], percent[16];
	bool begun = false;
	for (int v = 0; v < VERDICTS; v++) {
		if (!words_alternative(diagnosis, (enum verdict)v, language, text, sizeof text))
			continue;
		if (!begun)
			html_print(page, "<dt>%s</dt><dd><ul>", words->could_be);
		begun = true;
		html_print(page, "<li>%s</li>", text);
	}
	if (begun)
		fputs("</ul></dd>\n", page);
	if (diagnosis->clients == 0 || diagnosis->verdict != VERDICT_RESIDUAL_P2P)
		return;
	html_print(page, "<dt>%s</dt><dd><ul>", words->clients);
	for (size_t i = 0; i < diagnosis->clients; i++) {
		words_percent(diagnosis->client[i].probability, percent);
		html_print(page, "<li>%s (%s)</li>", client_table_name(diagnosis->client[i].index),
			   percent);
	}
	fputs("</ul></dd>\n", page);
}

/* Whether calls that the address inherits are among its likely causes. */
static bool write_cluster(FILE *page, const struct explanation *explanation, size_t index,
			  enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	const struct cluster *cluster = cluster_table_at(explanation->table, index);
	struct diagnosis diagnosis;
	char text[EXPLANATION_TEXT_SIZE], percent[16];
	explanation_diagnose(explanation, index, &diagnosis);
	words_cluster(cluster, language, text, sizeof text);
	html_print(page, "<section>\n<h2>%s</h2>\n", text);
	words_percent(diagnosis.group_probability, percent);
	if (diagnosis.verdict == VERDICT_UNCLEAR)
		html_print(page, "<p class=\"lead\"><strong>%s</strong></p>\n",
			   words->verdict[VERDICT_UNCLEAR]);
	else
		html_print(page, "<p class=\"lead\">%s: <strong>%s</strong> (%s)</p>\n",
			   words_certainty(&diagnosis, language), words->verdict[diagnosis.verdict],
			   percent);
	html_print(page, "<p>%s</p>\n", words->meaning[diagnosis.verdict]);
	html_print(page, "<p class=\"note\"><strong>%s:</strong> %s", words->what_to_do,
		   words->advice[diagnosis.verdict]);
	if (diagnosis.verdict == VERDICT_UNCLEAR)
		html_print(page, " %s", words_needs(&diagnosis, cluster, language));
	fputs("</p>\n", page);
	write_picture(page, explanation, cluster, language);
	fputs("<dl>\n", page);
	words_quiet(&diagnosis, language, text, sizeof text);
	if (text[0])
		html_print(page, "<dt>%s</dt><dd>%s</dd>\n", words->when, text);
	write_reasons(page, &diagnosis, false, language);
	write_reasons(page, &diagnosis, true, language);
	write_others(page, &diagnosis, language);
	words_countries(cluster, language, text, sizeof text);
	if (text[0])
		html_print(page, "<dt>%s</dt><dd>%s</dd>\n", words->countries, text);
	words_counts(cluster, language, text, sizeof text);
	html_print(page, "<dt>%s</dt><dd>%s</dd>\n</dl>\n</section>\n", words->column[1], text);
	return diagnosis.verdict == VERDICT_RESIDUAL_P2P;
}

/* The drawing stands in the page as data, so that the page is one file. */
static int write_mechanism(FILE *page, enum language language, struct failure *failure)
{
	const struct figure_request request = {.language = language};
	struct figure_description description = {0};
	char *bytes;
	size_t length;
	if (figure_render(&mechanism_figure, &request, FORMAT_SVG, &bytes, &length, failure) != 0)
		return -1;
	unsigned char *text = length < 1 << 24 ? malloc(length / 3 * 4 + 8) : NULL;
	if (!text) {
		free(bytes);
		return fail(failure, EXIT_FAILED, "out of memory for a figure of a page");
	}
	EVP_EncodeBlock(text, (const unsigned char *)bytes, (int)length);
	mechanism_figure.describe(&description, &request);
	html_print(page,
		   "<section>\n<h2>%s</h2>\n<figure><img alt=\"%s\" src=\"data:image/svg+xml;"
		   "base64,%s\"></figure>\n</section>\n",
		   description.title, description.text, (const char *)text);
	free(text);
	free(bytes);
	return 0;
}

static void write_row(FILE *page, const struct explanation *explanation, size_t index,
		      enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	const struct cluster *cluster = cluster_table_at(explanation->table, index);
	struct diagnosis diagnosis;
	char what[EXPLANATION_TEXT_SIZE], events[32], attempts[32], remotes[32], percent[16];
	char from[TIMESTAMP_TEXT_SIZE] = "", to[TIMESTAMP_TEXT_SIZE] = "";
	explanation_diagnose(explanation, index, &diagnosis);
	words_cluster(cluster, language, what, sizeof what);
	words_number((double)cluster->events, events);
	words_number((double)cluster->attempts, attempts);
	words_number(cluster->remotes, remotes);
	words_percent(diagnosis.group_probability, percent);
	if (cluster->first_us != ALERT_TIME_UNKNOWN) {
		timestamp_format(cluster->first_us / 1000000, from);
		timestamp_format(cluster->last_us / 1000000, to);
		from[10] = to[10] = ' ';
		from[16] = to[16] = '\0';
	}
	html_print(page,
		   "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>"
		   "<td class=\"n\">%s</td><td>%s</td><td>%s</td><td>%s",
		   what, events, attempts, remotes, from, to, words->verdict[diagnosis.verdict]);
	if (diagnosis.verdict != VERDICT_UNCLEAR)
		html_print(page, " (%s)", percent);
	fputs("</td></tr>\n", page);
}

static void write_table(FILE *page, const struct explanation *explanation, enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	size_t count = explanation_clusters(explanation);
	uint64_t rest = 0;
	html_print(page, "<section>\n<h2>%s</h2>\n", words->table_title);
	page_scroll_begin(page, words->table_title);
	fprintf(page, "<table%s>\n<thead><tr>", count > SHEET_ROWS ? " class=\"long\"" : "");
	for (size_t i = 0; i < 7; i++) {
		if (i >= 1 && i <= 3)
			html_print(page, "<th scope=\"col\" class=\"n\">%s</th>", words->column[i]);
		else
			html_print(page, "<th scope=\"col\">%s</th>", words->column[i]);
	}
	fputs("</tr></thead>\n<tbody>\n", page);
	for (size_t i = 0; i < count; i++) {
		if (i < ROWS)
			write_row(page, explanation, i, language);
		else
			rest += cluster_table_at(explanation->table, i)->events;
	}
	page_table_end(page);
	if (count > ROWS) {
		char clusters[32], events[32], text[EXPLANATION_TEXT_SIZE];
		words_number((double)(count - ROWS), clusters);
		words_number((double)rest, events);
		language_fill(text, sizeof text, words->more, (const char *[]){clusters, events},
			      2);
		html_print(page, "<p>%s</p>\n", text);
	}
	fputs("</section>\n", page);
}

static void write_skipped(FILE *page, const struct explanation *explanation, enum language language)
{
	const struct explain_words *words = explain_words_of(language);
	const struct alert_input_counts *counts = &explanation->counts;
	uint64_t overflow = cluster_table_totals(explanation->table)->overflow;
	char text[EXPLANATION_TEXT_SIZE], skipped[32], lines[32];
	if (overflow > 0) {
		words_number((double)overflow, lines);
		language_fill(text, sizeof text, words->overflow, (const char *[]){lines}, 1);
		html_print(page, "<p>%s</p>\n", text);
	}
	if (counts->skipped == 0)
		return;
	words_number((double)counts->skipped, skipped);
	words_number((double)counts->lines, lines);
	language_fill(text, sizeof text, words->skipped, (const char *[]){skipped, lines}, 2);
	html_print(page, "<p>%s</p>\n<ul>\n", text);
	for (size_t i = 0; i < counts->shown; i++) {
		words_number((double)counts->show[i].line, lines);
		language_fill(text, sizeof text, words->skipped_line,
			      (const char *[]){lines, counts->show[i].text}, 2);
		html_print(page, "<li>%s</li>\n", text);
	}
	fputs("</ul>\n", page);
}

/* Whether it is one of the calls that this program is about, and not of a stray caller or two. */
static bool is_inherited(const struct explanation *explanation, size_t index)
{
	struct diagnosis diagnosis;
	if (cluster_table_at(explanation->table, index)->remotes < MORE_REMOTES)
		return false;
	explanation_diagnose(explanation, index, &diagnosis);
	return diagnosis.verdict == VERDICT_RESIDUAL_P2P ||
	       diagnosis.verdict == VERDICT_CONTAMINATED_INDEX;
}

static int write_page(FILE *page, const struct explanation *explanation, enum language language,
		      struct failure *failure)
{
	const struct explain_words *words = explain_words_of(language);
	size_t count = explanation_clusters(explanation);
	bool inherited = false;
	int result = 0;
	page_begin(page, words->page_title, language, alert_bars_style, NULL, 0);
	html_print(page, "<main>\n<h1>%s</h1>\n", words->page_title);
	if (count == 0)
		html_print(page, "<p>%s</p>\n", words->nothing);
	else
		write_read(page, explanation, language);
	for (size_t i = 0, more = 0; i < count; i++) {
		if (i >= TOLD && (more == MORE || !is_inherited(explanation, i)))
			continue;
		more += i >= TOLD;
		inherited |= write_cluster(page, explanation, i, language);
	}
	if (inherited)
		result = write_mechanism(page, language, failure);
	if (count > 1)
		write_table(page, explanation, language);
	write_skipped(page, explanation, language);
	fputs("</main>\n", page);
	page_end(page, NULL);
	return result;
}

int explain_page_write(const char *path, const struct explanation *explanation,
		       enum language language, struct failure *failure)
{
	struct whole_file file;
	if (whole_file_open(&file, path, failure) != 0)
		return -1;
	if (write_page(file.stream, explanation, language, failure) == 0)
		return whole_file_close(&file, failure);
	whole_file_abandon(&file);
	return -1;
}
