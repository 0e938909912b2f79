/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explanation_text.h"

#include "client_table.h"
#include "explain_words.h"
#include "explanation_words.h"

#include <stdlib.h>
#include <string.h>

#define TOLD   3  /* clusters with all that is to be said of them */
#define ROWS   20 /* of the table */
#define WIDTH  88 /* columns of running text */
#define INDENT "    "

/* Prints text in lines of WIDTH columns, broken at blanks, or in Japanese anywhere. */
static void print_lines(const char *text, const char *indent, FILE *stream)
{
	size_t column = strlen(indent);
	bool begun = false;
	fputs(indent, stream);
	while (*text) {
		char word[256];
		size_t length = 0;
		bool wide = (unsigned char)*text >= 0xe0;
		/* A word, or one letter of a language without blanks. */
		do {
			word[length++] = *text++;
		} while (length < sizeof word - 1 && *text && *text != ' ' &&
			 (((unsigned char)*text & 0xc0) == 0x80 ||
			  (!wide && (unsigned char)*text < 0xe0)));
		word[length] = '\0';
		size_t columns = language_columns(word);
		if (begun && column + columns > WIDTH && strcmp(word, "。") != 0 &&
		    strcmp(word, "、") != 0) {
			fprintf(stream, "\n%s", indent);
			column = strlen(indent);
			begun = false;
		}
		const char *shown = !begun && word[0] == ' ' ? word + 1 : word;
		fputs(shown, stream);
		column += language_columns(shown);
		begun = true;
	}
	fputc('\n', stream);
}

static void print_reasons(const struct diagnosis *diagnosis, bool against, enum language language,
			  FILE *stream)
{
	const struct explain_words *words = explain_words_of(language);
	char text[EXPLANATION_TEXT_SIZE];
	bool begun = false;
	for (size_t i = 0; i < diagnosis->reasons; i++) {
		const struct reason *reason = &diagnosis->reason[i];
		if ((reason->for_ != diagnosis->likeliest) != against)
			continue;
		if (!begun)
			fprintf(stream, "  %s:\n", against ? words->against : words->reasons);
		begun = true;
		words_fact(&reason->fact, language, text, sizeof text);
		fprintf(stream, "  - %s\n", text);
	}
}

static void print_alternatives(const struct diagnosis *diagnosis, enum language language,
			       FILE *stream)
{
	const struct explain_words *words = explain_words_of(language);
	char text[EXPLANATION_TEXT_SIZE];
	for (int v = 0; v < VERDICTS; v++)
		if (words_alternative(diagnosis, (enum verdict)v, language, text, sizeof text))
			fprintf(stream, "  %s: %s\n", words->could_be, text);
}

static void print_countries(const struct cluster *cluster, enum language language, FILE *stream)
{
	char text[EXPLANATION_TEXT_SIZE];
	words_countries(cluster, language, text, sizeof text);
	if (!text[0])
		return;
	fprintf(stream, "  %s:\n", explain_words_of(language)->countries);
	print_lines(text, INDENT, stream);
}

static void print_clients(const struct diagnosis *diagnosis, enum language language, FILE *stream)
{
	if (diagnosis->clients == 0 || diagnosis->verdict != VERDICT_RESIDUAL_P2P)
		return;
	fprintf(stream, "  %s: ", explain_words_of(language)->clients);
	for (size_t i = 0; i < diagnosis->clients; i++) {
		char percent[16];
		words_percent(diagnosis->client[i].probability, percent);
		fprintf(stream, "%s%s (%s)", i ? "; " : "",
			client_table_name(diagnosis->client[i].index), percent);
	}
	fputc('\n', stream);
}

static void print_cluster(const struct explanation *explanation, size_t index,
			  enum language language, FILE *stream)
{
	const struct explain_words *words = explain_words_of(language);
	const struct cluster *cluster = cluster_table_at(explanation->table, index);
	struct diagnosis diagnosis;
	char text[EXPLANATION_TEXT_SIZE], percent[16];
	explanation_diagnose(explanation, index, &diagnosis);
	words_cluster(cluster, language, text, sizeof text);
	words_percent(diagnosis.group_probability, percent);
	fprintf(stream, "\n%s\n", text);
	words_counts(cluster, language, text, sizeof text);
	fprintf(stream, "  %s\n\n", text);
	if (diagnosis.verdict == VERDICT_UNCLEAR)
		fprintf(stream, "  %s\n", words->verdict[VERDICT_UNCLEAR]);
	else
		fprintf(stream, "  %s: %s (%s)\n", words_certainty(&diagnosis, language),
			words->verdict[diagnosis.verdict], percent);
	print_lines(words->meaning[diagnosis.verdict], INDENT, stream);
	print_reasons(&diagnosis, false, language, stream);
	print_reasons(&diagnosis, true, language, stream);
	print_alternatives(&diagnosis, language, stream);
	print_countries(cluster, language, stream);
	print_clients(&diagnosis, language, stream);
	fprintf(stream, "  %s:\n", words->what_to_do);
	print_lines(words->advice[diagnosis.verdict], INDENT, stream);
	if (diagnosis.verdict == VERDICT_UNCLEAR)
		print_lines(words_needs(&diagnosis, cluster, language), INDENT, stream);
	words_quiet(&diagnosis, language, text, sizeof text);
	if (text[0])
		fprintf(stream, "  %s: %s\n", words->when, text);
}

/* Left-aligned in so many columns of a terminal; the next begins behind two blanks. */
static void print_cell(const char *text, size_t columns, FILE *stream)
{
	size_t taken = language_columns(text);
	fputs(text, stream);
	do
		fputc(' ', stream);
	while (++taken < columns + 2);
}

static void print_table(const struct explanation *explanation, enum language language, FILE *stream)
{
	const struct explain_words *words = explain_words_of(language);
	size_t count = explanation_clusters(explanation);
	size_t rows = count < ROWS ? count : ROWS;
	uint64_t rest = 0;
	fprintf(stream, "\n%s\n  ", words->table_title);
	print_cell(words->column[0], 44, stream);
	print_cell(words->column[1], 9, stream);
	print_cell(words->column[3], 9, stream);
	fprintf(stream, "%s\n", words->column[6]);
	for (size_t i = 0; i < count; i++) {
		const struct cluster *cluster = cluster_table_at(explanation->table, i);
		struct diagnosis diagnosis;
		char text[EXPLANATION_TEXT_SIZE], number[32];
		if (i >= rows) {
			rest += cluster->events;
			continue;
		}
		explanation_diagnose(explanation, i, &diagnosis);
		words_cluster(cluster, language, text, sizeof text);
		fputs("  ", stream);
		print_cell(text, 44, stream);
		words_number((double)cluster->events, number);
		print_cell(number, 9, stream);
		words_number(cluster->remotes, number);
		print_cell(number, 9, stream);
		words_percent(diagnosis.group_probability, number);
		if (diagnosis.verdict == VERDICT_UNCLEAR)
			fprintf(stream, "%s\n", words->verdict[VERDICT_UNCLEAR]);
		else
			fprintf(stream, "%s (%s)\n", words->verdict[diagnosis.verdict], number);
	}
	if (count > rows) {
		char clusters[32], events[32], text[EXPLANATION_TEXT_SIZE];
		words_number((double)(count - rows), clusters);
		words_number((double)rest, events);
		language_fill(text, sizeof text, words->more, (const char *[]){clusters, events},
			      2);
		fprintf(stream, "  %s\n", text);
	}
}

static void print_input(const struct explanation *explanation, enum language language, FILE *stream)
{
	char text[EXPLANATION_TEXT_SIZE];
	words_read(explanation, language, text, sizeof text);
	fprintf(stream, "%s\n", text);
	words_guessed(explanation, language, text, sizeof text);
	if (text[0])
		fprintf(stream, "%s\n", text);
	if (explanation->anonymised)
		fprintf(stream, "%s\n", explain_words_of(language)->anonymised);
}

static void print_skipped(const struct explanation *explanation, enum language language,
			  FILE *stream)
{
	const struct explain_words *words = explain_words_of(language);
	const struct alert_input_counts *counts = &explanation->counts;
	char text[EXPLANATION_TEXT_SIZE], skipped[32], lines[32];
	uint64_t overflow = cluster_table_totals(explanation->table)->overflow;
	if (overflow > 0) {
		words_number((double)overflow, lines);
		language_fill(text, sizeof text, words->overflow, (const char *[]){lines}, 1);
		fprintf(stream, "\n%s\n", text);
	}
	if (counts->skipped == 0)
		return;
	words_number((double)counts->skipped, skipped);
	words_number((double)counts->lines, lines);
	language_fill(text, sizeof text, words->skipped, (const char *[]){skipped, lines}, 2);
	fprintf(stream, "\n%s\n", text);
	for (size_t i = 0; i < counts->shown; i++) {
		snprintf(lines, sizeof lines, "%llu", (unsigned long long)counts->show[i].line);
		language_fill(text, sizeof text, words->skipped_line,
			      (const char *[]){lines, counts->show[i].text}, 2);
		fprintf(stream, "  %s\n", text);
	}
}

void explanation_print(const struct explanation *explanation, enum language language, FILE *stream)
{
	size_t count = explanation_clusters(explanation);
	if (count == 0) {
		fprintf(stream, "%s\n", explain_words_of(language)->nothing);
		print_skipped(explanation, language, stream);
		return;
	}
	print_input(explanation, language, stream);
	for (size_t i = 0; i < count && i < TOLD; i++)
		print_cluster(explanation, i, language, stream);
	if (count > 1)
		print_table(explanation, language, stream);
	print_skipped(explanation, language, stream);
}
