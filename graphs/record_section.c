/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record_section.h"

#include "frame.h"
#include "html.h"
#include "number.h"
#include "target_section.h"

#include "../observer/store/ledger.h"

#include <string.h>

static void write_address(FILE *page, const struct target *target, bool show_addresses)
{
	fputs("<dt>Address</dt><dd>", page);
	if (!show_addresses)
		fputs("withheld, as reports are handed on (<code>--show-addresses</code> prints "
		      "it)",
		      page);
	for (size_t i = 0; show_addresses && i < target->addresses; i++) {
		char text[ADDRESS_TEXT_SIZE];
		html_print(page, "%s%s", i ? ", " : "", address_format(&target->address[i], text));
	}
	fputs("</dd>\n<dt>Ports</dt><dd>", page);
	for (size_t i = 0; i < target->ports; i++)
		html_print(page, "%s%d", i ? ", " : "", (int)target->port[i]);
	fputs("</dd>\n", page);
	if (target->excluded_ports > 0) {
		fputs("<dt>Own services, left out</dt><dd>", page);
		for (size_t i = 0; i < target->excluded_ports; i++)
			html_print(page, "%s%d", i ? ", " : "", (int)target->excluded_port[i]);
		fputs("</dd>\n", page);
	}
}

static void write_coverage(FILE *page, const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char from[32], to[32], covered[NUMBER_TEXT_SIZE], span[NUMBER_TEXT_SIZE],
		share[NUMBER_TEXT_SIZE], number[NUMBER_TEXT_SIZE], length[32];
	html_print(page, "<dt>Record</dt><dd>%s to %s</dd>\n",
		   section_instant(target->series.retired, from),
		   section_instant(report_target_end(target), to));
	double whole =
		analysis->span_hours > 0 ? analysis->covered_hours / analysis->span_hours : 0;
	html_print(page, "<dt>Observed</dt><dd>%s of %s hours, %s</dd>\n",
		   rate_text(analysis->covered_hours, covered),
		   rate_text(analysis->span_hours, span), percent_text(whole, share));
	if (target->gaps == 0) {
		fputs("<dt>Gaps</dt><dd>none of 5 minutes or longer</dd>\n", page);
		return;
	}
	html_print(page, "<dt>Gaps</dt><dd>%s, together %s%s\n<ul>\n",
		   count_text(target->gaps, number),
		   duration_text(target->gap_hours, length, sizeof length),
		   target->gaps > REPORT_GAPS_MAX ? "; the largest:" : ":");
	for (size_t i = 0; i < target->gaps && i < REPORT_GAPS_MAX; i++) {
		const struct report_gap *gap = &target->gap[i];
		html_print(
			page, "<li>%s from %s</li>\n",
			duration_text((double)(gap->to - gap->from) / 3600, length, sizeof length),
			section_instant(gap->from, from));
	}
	fputs("</ul></dd>\n", page);
}

/* What a flag says of its buckets, for who has not read the ledger's documentation. */
static const struct {
	uint32_t flag;
	const char *text;
} meanings[] = {
	{BUCKET_CLOCK_STEPPED, "the clock was set"},
	{BUCKET_LINK_DOWN, "the network interface was down for a part"},
	{BUCKET_RESTARTED, "the observer was restarted"},
	{BUCKET_ATTEMPTS_UPPER, "too many attempts at once: their count is an upper bound"},
	{BUCKET_SOURCES_ESTIMATED, "many sources: their count is an estimate to 1.6 %"},
	{BUCKET_NEW_SOURCES_LOWER, "memory of sources full: new ones are a lower bound"},
	{BUCKET_MERGED, "made of two runs: attempts and sources are upper bounds"},
	{BUCKET_EVIDENCE_CUT, "the day's room for evidence was used up"},
	{BUCKET_EVIDENCE_LOST, "evidence could not be written"},
};

static void write_flags(FILE *page, const struct report_facts *facts)
{
	fputs("<dt>Flags</dt><dd>", page);
	size_t seen = 0;
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
		size_t bit = (size_t)__builtin_ctz(meanings[i].flag);
		if (facts->flagged[bit] == 0)
			continue;
		char number[NUMBER_TEXT_SIZE];
		html_print(page, "%s%s \xC3\x97 %s", seen++ ? "; " : "",
			   count_text(facts->flagged[bit], number), meanings[i].text);
	}
	html_print(page, "%s</dd>\n", seen ? "" : "none that touches a count");
}

static void write_count(FILE *page, const char *term, uint64_t count, const char *after)
{
	char number[NUMBER_TEXT_SIZE];
	html_print(page, "<dt>%s</dt><dd>%s%s</dd>\n", term, count_text(count, number), after);
}

static void write_facts(FILE *page, const struct report_facts *facts)
{
	size_t lower = (size_t)__builtin_ctz(BUCKET_NEW_SOURCES_LOWER);
	size_t merged = (size_t)__builtin_ctz(BUCKET_MERGED);
	size_t upper = (size_t)__builtin_ctz(BUCKET_ATTEMPTS_UPPER);
	write_count(page, "Connection attempts", facts->attempts,
		    facts->flagged[merged] || facts->flagged[upper] ? " at most" : "");
	write_count(page, "Distinct sources", facts->new_sources,
		    facts->flagged[lower] ? " at least" : "");
	write_count(page, "UDP to the ports", facts->udp, " datagrams");
	write_count(page, "SYN to other ports", facts->other_syn,
		    ": the background of the address");
	write_count(page, "Backscatter", facts->backscatter, " packets");
	write_count(page, "Malformed SYNs", facts->malformed, "");
	write_count(page, "Dropped by the kernel", facts->kernel_drops, " packets");
	if (facts->evictions > 0)
		write_count(page, "Attempts forgotten early", facts->evictions,
			    " because the table was full");
	if (facts->damaged_lines > 0)
		write_count(page, "Damaged ledger lines", facts->damaged_lines,
			    " set aside: their buckets are unknown");
	write_flags(page, facts);
}

void record_section_write(FILE *page, const struct report_target *target, bool show_addresses)
{
	const char *policy = target->series.policy;
	fputs("<h3>What was observed</h3>\n<dl>\n", page);
	if (target->has_target)
		write_address(page, &target->target, show_addresses);
	html_print(page, "<dt>Answer to a SYN</dt><dd>%s</dd>\n",
		   strcmp(policy, "drop") == 0	? "none: dropped silently, so callers retransmit"
		   : strcmp(policy, "rst") == 0 ? "RST: refused, so callers do not retransmit"
						: "not recorded");
	write_coverage(page, target);
	if (target->facts.from_ledger)
		write_facts(page, &target->facts);
	html_print(page,
		   "<dt>Data</dt><dd><a href=\"data/%s.csv\">buckets as CSV</a>, "
		   "<a href=\"data/%s.json\">analysis as JSON</a></dd>\n</dl>\n",
		   target->slug, target->slug);
}
