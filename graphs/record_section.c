/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record_section.h"

#include "words.h"
#include "html.h"
#include "number.h"
#include "page.h"
#include "target_section.h"

#include "../observer/store/ledger.h"

#include <string.h>

static void write_address(FILE *page, enum language language, const struct target *target,
			  bool show_sources)
{
	fputs(SAY(language, "<dt>Address</dt><dd>", "<dt>アドレス</dt><dd>"), page);
	if (!show_sources)
		fputs(SAY(language,
			  "withheld, as reports are handed on (<code>--show-sources</code> "
			  "prints it)",
			  "報告書は人手に渡るため伏せる（<code>--show-sources</code>で表示）"),
		      page);
	for (size_t i = 0; show_sources && i < target->addresses; i++) {
		char text[ADDRESS_TEXT_SIZE];
		html_print(page, "%s%s", i ? ", " : "", address_format(&target->address[i], text));
	}
	fputs(SAY(language, "</dd>\n<dt>Ports</dt><dd>", "</dd>\n<dt>ポート</dt><dd>"), page);
	for (size_t i = 0; i < target->ports; i++)
		html_print(page, "%s%d", i ? ", " : "", (int)target->port[i]);
	fputs("</dd>\n", page);
	if (target->excluded_ports > 0) {
		fputs(SAY(language, "<dt>Own services, left out</dt><dd>",
			  "<dt>除外した自前のサービス</dt><dd>"),
		      page);
		for (size_t i = 0; i < target->excluded_ports; i++)
			html_print(page, "%s%d", i ? ", " : "", (int)target->excluded_port[i]);
		fputs("</dd>\n", page);
	}
}

static void write_coverage(FILE *page, enum language language, const struct report_target *target)
{
	const struct analysis *analysis = &target->analysis;
	char from[32], to[32], covered[NUMBER_TEXT_SIZE], span[NUMBER_TEXT_SIZE],
		share[NUMBER_TEXT_SIZE], number[NUMBER_TEXT_SIZE], length[32];
	html_print(page,
		   SAY(language, "<dt>Record</dt><dd>%s to %s</dd>\n",
		       "<dt>記録</dt><dd>%s～%s</dd>\n"),
		   section_instant(target->series.retired, from), section_instant(target->end, to));
	double whole =
		analysis->span_hours > 0 ? analysis->covered_hours / analysis->span_hours : 0;
	html_print(page,
		   SAY(language, "<dt>Observed</dt><dd>%s of %s hours, %s</dd>\n",
		       "<dt>観測</dt><dd>%s / %s時間、%s</dd>\n"),
		   rate_text(analysis->covered_hours, covered),
		   rate_text(analysis->span_hours, span), percent_text(whole, share));
	if (target->gaps == 0) {
		fputs(SAY(language, "<dt>Gaps</dt><dd>none of 5 minutes or longer</dd>\n",
			  "<dt>欠測</dt><dd>5分以上のものはなし</dd>\n"),
		      page);
		return;
	}
	html_print(page,
		   SAY(language, "<dt>Gaps</dt><dd>%s, together %s%s\n<ul>\n",
		       "<dt>欠測</dt><dd>%s回、合計%s%s\n<ul>\n"),
		   count_text(target->gaps, number),
		   word_duration(language, target->gap_hours, length, sizeof length),
		   target->gaps > REPORT_GAPS_MAX ? SAY(language, "; the largest:", "、最大のもの:")
						  : ":");
	for (size_t i = 0; i < target->gaps && i < REPORT_GAPS_MAX; i++) {
		const struct report_gap *gap = &target->gap[i];
		html_print(page, SAY(language, "<li>%s from %s</li>\n", "<li>%s（%sから）</li>\n"),
			   word_duration(language, (double)(gap->to - gap->from) / 3600, length,
					 sizeof length),
			   section_instant(gap->from, from));
	}
	fputs("</ul></dd>\n", page);
}

/* What a flag says of its buckets, for who has not read the ledger's documentation. */
static const struct {
	uint32_t flag;
	const char *text[LANGUAGES];
} meanings[] = {
	{BUCKET_CLOCK_STEPPED, {"the clock was set", "時計が設定し直された"}},
	{BUCKET_LINK_DOWN,
	 {"the network interface was down for a part", "一部の時間、ネットワークが切れていた"}},
	{BUCKET_RESTARTED, {"the observer was restarted", "観測が再開された"}},
	{BUCKET_ATTEMPTS_UPPER,
	 {"too many attempts at once: their count is an upper bound",
	  "同時の試行が多すぎた: 数は上限"}},
	{BUCKET_SOURCES_ESTIMATED,
	 {"many sources: their count is an estimate to 1.6 %",
	  "送信元が多い: 数は誤差1.6 %の推定"}},
	{BUCKET_NEW_SOURCES_LOWER,
	 {"memory of sources full: new ones are a lower bound",
	  "送信元の記憶が一杯: 新しいものの数は下限"}},
	{BUCKET_MERGED,
	 {"made of two runs: attempts and sources are upper bounds",
	  "2回の観測をまとめた: 試行と送信元は上限"}},
	{BUCKET_EVIDENCE_CUT,
	 {"the day's room for evidence was used up", "その日の証拠の容量を使い切った"}},
	{BUCKET_EVIDENCE_LOST, {"evidence could not be written", "証拠を書けなかった"}},
};

static void write_flags(FILE *page, enum language language, const struct report_facts *facts)
{
	fputs(SAY(language, "<dt>Flags</dt><dd>", "<dt>印</dt><dd>"), page);
	size_t seen = 0;
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
		size_t bit = (size_t)__builtin_ctz(meanings[i].flag);
		if (facts->flagged[bit] == 0)
			continue;
		char number[NUMBER_TEXT_SIZE];
		html_print(page, "%s%s \xC3\x97 %s", seen++ ? "; " : "",
			   count_text(facts->flagged[bit], number), meanings[i].text[language]);
	}
	html_print(page, "%s</dd>\n",
		   seen ? ""
			: SAY(language, "none that touches a count", "計数に関わるものはなし"));
}

static void write_count(FILE *page, const char *term, uint64_t count, const char *after)
{
	char number[NUMBER_TEXT_SIZE];
	html_print(page, "<dt>%s</dt><dd>%s%s</dd>\n", term, count_text(count, number), after);
}

static void write_facts(FILE *page, enum language language, const struct report_facts *facts)
{
	size_t lower = (size_t)__builtin_ctz(BUCKET_NEW_SOURCES_LOWER);
	size_t merged = (size_t)__builtin_ctz(BUCKET_MERGED);
	size_t upper = (size_t)__builtin_ctz(BUCKET_ATTEMPTS_UPPER);
	write_count(page, SAY(language, "Connection attempts", "接続試行"), facts->attempts,
		    facts->flagged[merged] || facts->flagged[upper]
			    ? SAY(language, " at most", " 以下")
			    : "");
	write_count(page, SAY(language, "Distinct sources", "異なる送信元"), facts->new_sources,
		    facts->flagged[lower]  ? SAY(language, " at least", " 以上")
		    : facts->sources_upper ? SAY(language, " at most", " 以下")
					   : "");
	write_count(page, SAY(language, "UDP to the ports", "ポートへのUDP"), facts->udp,
		    SAY(language, " datagrams", " データグラム"));
	write_count(page, SAY(language, "SYN to other ports", "ほかのポートへのSYN"),
		    facts->other_syn,
		    SAY(language, ": the background of the address", "（アドレスの背景）"));
	write_count(page, SAY(language, "Backscatter", "バックスキャッタ"), facts->backscatter,
		    SAY(language, SAY(language, " packets", " パケット"), " パケット"));
	write_count(page, SAY(language, "Malformed SYNs", "不正な形のSYN"), facts->malformed, "");
	write_count(page, SAY(language, "Dropped by the kernel", "カーネルが捨てた数"),
		    facts->kernel_drops, SAY(language, " packets", " パケット"));
	if (facts->evictions > 0)
		write_count(page, SAY(language, "Attempts forgotten early", "早く忘れた試行"),
			    facts->evictions,
			    SAY(language, " because the table was full", "（表が一杯のため）"));
	if (facts->damaged_lines > 0)
		write_count(page, SAY(language, "Damaged ledger lines", "壊れた台帳の行"),
			    facts->damaged_lines,
			    SAY(language, " set aside: their buckets are unknown",
				"（除外し、その5分間は不明とした）"));
	write_flags(page, language, facts);
}

void record_section_write(FILE *page, enum language language, const struct report_target *target,
			  bool show_sources)
{
	const char *policy = target->series.policy;
	fputs(SAY(language, "<h3>What was observed</h3>\n<dl>\n", "<h3>観測の内容</h3>\n<dl>\n"),
	      page);
	if (target->has_target)
		write_address(page, language, &target->target, show_sources);
	html_print(page,
		   SAY(language, "<dt>Answer to a SYN</dt><dd>%s</dd>\n",
		       "<dt>SYNへの応答</dt><dd>%s</dd>\n"),
		   strcmp(policy, "drop") == 0
			   ? SAY(language, "none: dropped silently, so callers retransmit",
				 "なし: 黙って破棄（相手は再送する）")
		   : strcmp(policy, "rst") == 0
			   ? SAY(language, "RST: refused, so callers do not retransmit",
				 "RST: 拒否（相手は再送しない）")
			   : SAY(language, "not recorded", "記録なし"));
	write_coverage(page, language, target);
	if (target->facts.from_ledger)
		write_facts(page, language, &target->facts);
	html_print(page,
		   SAY(language,
		       "<dt>Data</dt><dd><a href=\"data/%s.csv\">buckets as CSV</a>, <a "
		       "href=\"data/%s.json\">analysis as JSON</a></dd>\n</dl>\n",
		       "<dt>データ</dt><dd><a href=\"data/%s.csv\">5分ごとのCSV</a>、<a "
		       "href=\"data/%s.json\">分析のJSON</a></dd>\n</dl>\n"),
		   target->slug, target->slug);
}
