/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sources_section.h"

#include "../analysis/country_name.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "target_section.h"

#define TO_MINUTES 16 /* "2008-02-20 09:30" */

static void write_caption(enum language language, const struct report_target *target, char *caption,
			  size_t size)
{
	const struct busiest_sources *busiest = &target->busiest;
	char shown[NUMBER_TEXT_SIZE], sources[NUMBER_TEXT_SIZE], syn[NUMBER_TEXT_SIZE],
		counted[NUMBER_TEXT_SIZE];
	snprintf(
		caption, size,
		SAY(language,
		    "The %s busiest of %s%s sources, by the %s SYNs of the evidence that was kept; "
		    "%s were counted. Times in UTC.",
		    "SYNの多い%s件（%s%s件の送信元のうち）。保存された証拠のSYN "
		    "%s個による（計数は%s個）。時刻はUTC。"),
		count_text(busiest->busiest, shown),
		busiest->syn_left > 0 ? SAY(language, "more than ", "少なくとも") : "",
		count_text(busiest->sources, sources), count_text(busiest->syn, syn),
		count_text(target->facts.syn, counted));
}

static void write_row(FILE *page, enum language language, const struct busiest_sources *busiest,
		      const struct busiest_source *source)
{
	char address[ADDRESS_TEXT_SIZE], first[32], last[32], syn[NUMBER_TEXT_SIZE],
		attempts[NUMBER_TEXT_SIZE];
	html_print(page, "<tr><th scope=\"row\">%s</th>",
		   address_format(&source->address, address));
	if (busiest->countries)
		html_print(page, "<td>%s</td>",
			   source->country[0] ? country_name(source->country, language)
					      : SAY(language, "unknown", "不明"));
	section_instant(source->first, first)[TO_MINUTES] = '\0';
	section_instant(source->last, last)[TO_MINUTES] = '\0';
	html_print(page,
		   "<td>%s</td><td>%s</td><td class=\"n\">%s</td><td "
		   "class=\"n\">%s</td></tr>\n",
		   first, last, count_text(source->syn, syn),
		   count_text(source->attempts, attempts));
}

static void write_notes(FILE *page, enum language language, const struct busiest_sources *busiest)
{
	char number[NUMBER_TEXT_SIZE], known[NUMBER_TEXT_SIZE];
	if (busiest->anonymised)
		fputs(SAY(language,
			  "<p class=\"note\">Evidence of this store is anonymised: these addresses "
			  "stand for others, and no country is told of them.</p>\n",
			  "<p class=\"note\">証拠は匿名化されている。アドレスは実際のものではなく、"
			  "国は示さない。</p>\n"),
		      page);
	if (busiest->syn_left > 0)
		html_print(page,
			   SAY(language,
			       "<p class=\"note\">%s sources are told apart. %s SYNs came from "
			       "others, which the table leaves out.</p>\n",
			       "<p class=\"note\">区別した送信元は%s件まで。それ以外からのSYN "
			       "%s個は表に含まない。</p>\n"),
			   count_text(BUSIEST_SOURCES_KNOWN, known),
			   count_text(busiest->syn_left, number));
	if (busiest->attempts_upper)
		fputs(SAY(language,
			  "<p class=\"note\">There were too many attempts at once: their numbers "
			  "are upper bounds.</p>\n",
			  "<p "
			  "class=\"note\">同時の試行が多すぎたため、試行の数は上限である。</p>\n"),
		      page);
}

void sources_section_write(FILE *page, enum language language, const struct report_target *target)
{
	const struct busiest_sources *busiest = &target->busiest;
	const char *heads[7] = {SAY(language, "Address", "アドレス")};
	size_t columns = 1;
	char caption[400];
	fputs(SAY(language, "<h3>The busiest sources</h3>\n", "<h3>最も多く届いた送信元</h3>\n"),
	      page);
	if (!busiest->known || busiest->busiest == 0) {
		fputs(SAY(language,
			  "<p>Not known: no evidence of it is kept since retirement. The ledger "
			  "counts sources, but does not name them.</p>\n",
			  "<p>不明: "
			  "停止後の証拠が保存されていない。台帳は送信元を数えるが、アドレスは"
			  "記録しない。</p>\n"),
		      page);
		return;
	}
	if (busiest->countries)
		heads[columns++] = SAY(language, "Country", "国");
	heads[columns++] = SAY(language, "First SYN", "最初のSYN");
	heads[columns++] = SAY(language, "Last SYN", "最後のSYN");
	heads[columns++] = "#SYN";
	heads[columns] = SAY(language, "#Attempts", "#試行");
	write_caption(language, target, caption, sizeof caption);
	page_table_begin(page, caption, heads);
	for (size_t i = 0; i < busiest->busiest; i++)
		write_row(page, language, busiest, &busiest->source[i]);
	page_table_end(page);
	write_notes(page, language, busiest);
}
