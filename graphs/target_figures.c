/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_figures.h"

#include "frame.h"
#include "html.h"
#include "page.h"
#include "page_figure.h"
#include "words.h"

#define CAPTION_SIZE 1200

const struct figure *target_figure(enum target_figure which)
{
	static const struct figure *const figures[TARGET_FIGURES] = {
		&decay_figure,	    &window_figure, &survival_figure,
		&background_figure, &ports_figure,  &countries_figure};
	return figures[which];
}

struct figure_request target_figure_request(const struct report_target *target,
					    enum language language)
{
	return (struct figure_request){.analysis = &target->analysis,
				       .analyses = 1,
				       .language = language,
				       .census = &target->census};
}

char *target_figure_file(const struct report_target *target, enum target_figure which,
			 char file[128])
{
	snprintf(file, 128, "%s-%s", target->slug, target_figure(which)->name);
	return file;
}

bool target_has_figure(const struct report_target *target, enum target_figure which)
{
	const struct figure *figure = target_figure(which);
	struct figure_request request = target_figure_request(target, LANGUAGE_ENGLISH);
	struct failure why = {0};
	if (which == TARGET_BACKGROUND)
		return target->series.has_other;
	if (figure->source == FIGURE_FROM_CENSUS)
		return target->has_census && figure->check(&request, &why) == 0;
	return true;
}

size_t target_figures_count(const struct report_target *target)
{
	size_t count = 0;
	for (int which = 0; which < TARGET_FIGURES; which++)
		count += target_has_figure(target, (enum target_figure)which);
	return count;
}

static void write_decay_caption(const struct report_target *target, enum language language,
				char caption[CAPTION_SIZE])
{
	const struct analysis *analysis = &target->analysis;
	char fit[400] = "";
	if (analysis->best.done)
		snprintf(fit, sizeof fit,
			 SAY(language,
			     " The line is the best fit (%s, %s) with the 95 %% band of its mean, "
			     "if this family is the right one.",
			     "線は最もよく合う曲線（%s、%"
			     "s）、帯は（この族が正しいとして）その平均の95 "
			     "%%区間。"),
			 word_family(language, analysis->best.family),
			 likelihood_name(analysis->best.likelihood));
	snprintf(caption, CAPTION_SIZE,
		 SAY(language,
		     "%s per 5 minutes from retirement to the end of the record, on a logarithmic "
		     "axis%s. Points are means over bins that widen with time, with 95 %% "
		     "intervals; triangles are means of only those 5 minutes in which any came. "
		     "Open circles on the row 0 are bins in which none came.%s Bands are the "
		     "phases of the table below; hatching is time that was not observed.",
		     "停止から記録の終わりまでの5分あたりの%s数（対数目盛%"
		     "s）。点は時間とともに広がる区間の平均と95 "
		     "%%区間、三角は到着のあった5分間だけの平均。0の行の白丸は到着のなかった区間。%"
		     "s背景の帯は下の表の期間、斜線は未観測の時間。"),
		 word(language, analysis->series->counts_attempts ? WORD_ATTEMPTS : WORD_SYN),
		 analysis->span_hours >= FRAME_ROOT_FROM_HOURS
			 ? SAY(language,
			       "; the time axis is drawn as a square root so that the first hours "
			       "can be seen",
			       "、時間軸は最初の数時間が見えるよう平方根目盛")
			 : "",
		 fit);
}

/* $1 is what was counted, $2 how long the window is. */
static const char *caption_text(enum target_figure which, enum language language)
{
	switch (which) {
	case TARGET_WINDOW:
		return SAY(language,
			   "$1 in each 5 minutes of the first $2 after retirement, as "
			   "counted, with the mean of each hour. Hatching is time that was not "
			   "observed.",
			   "停止後の最初の$2間に数えた5分ごとの$1"
			   "数と、1時間ごとの平均。斜線は未観測の時間。");
	case TARGET_SURVIVAL:
		return SAY(
			language,
			"Above: the share of all residual $1 that was still to come at each time "
			"since retirement: what was counted less the background, and, where a "
			"forecast has an end, what it expects after the record; the band is the "
			"95 % interval of that forecast. Below: the longest time without any that "
			"had been seen by then.",
			"上: 停止から届く残留$1"
			"のうち、その時点以降に届く割合。計数から背景を除き、予測に終わりがある場"
			"合は記録後に届く分を加えた。帯はその予測の95 "
			"%区間。下: それまでで最も長く途絶えた時間。");
	case TARGET_BACKGROUND:
		return SAY(
			language,
			"$1 to the port of the retired node against SYN to all other ports of its "
			"address together, with 95 % intervals. What comes to other ports has "
			"nothing to do with the node: it shows how much of what comes to the port "
			"may be scans.",
			"停止したノードのポート宛ての$1"
			"と、同じアドレスのほかの全ポート宛てのSYNの比較（95 "
			"%区間つき）。ほかのポート宛てはノードと無関係であり、当該ポートに届くも"
			"ののうち走査がどれほどありうるかを示す。");
	case TARGET_PORTS:
		return SAY(
			language,
			"Packets per day by destination port of the address, TCP $1 and UDP "
			"datagrams: the ten busiest ports stacked, and all others. A day is scaled "
			"by the time observed in it; hatching is days of which less than an hour "
			"was observed.",
			"アドレスの宛先ポート別の1日あたりのパケット数（TCPの$1"
			"とUDPデータグラム）。最も多い10のポートとその他を積み上げた。各日は観測し"
			"た時間で補正し、観測が1時間未満の日は斜線。");
	default:
		return SAY(
			language,
			"Where the $1 to the port came from: the share of their sources by "
			"country, and by provider where that was looked up. A source counts once "
			"each day. An address tells where it is registered, not who sits there.",
			"ポート宛ての$1"
			"の送信元の割合を国別（調べた場合は事業者別も）に示す。送信元は1日に1回ずつ"
			"数える。アドレスが示すのは登録先であり、使用者ではない。");
	}
}

/* Why a figure is not there. */
static const char *absence(const struct report_target *target, enum target_figure which,
			   enum language language)
{
	if (which == TARGET_BACKGROUND)
		return SAY(
			language,
			"No figure of the background: this record does not say what came to "
			"other ports (a target's directory does).",
			"背景の図はない: "
			"この記録からはほかのポートに届いたものが分からない（対象のディレクトリには"
			"ある）。");
	if (!target->has_census)
		return which == TARGET_PORTS
			       ? SAY(language,
				     "No figure of ports: this record has no census (a target's "
				     "directory has one).",
				     "ポートの図はない: この記録には集計（センサス）がない。")
			       : SAY(language,
				     "No figure of countries: this record has no census (a "
				     "target's "
				     "directory has one).",
				     "国の図はない: この記録には集計（センサス）がない。");
	return which == TARGET_PORTS
		       ? SAY(language,
			     "No figure of ports: less than an hour of any day was observed, too "
			     "little for packets per day.",
			     "ポートの図はない: "
			     "どの日も観測が1時間未満で、1日あたりの数を示せない。")
		       : SAY(language,
			     "No figure of countries: the record was counted without a database "
			     "that tells the country or the provider of an address.",
			     "国の図はない: "
			     "アドレスの国や事業者が分かるデータベースなしで計数された。");
}

void target_figure_write(FILE *page, const struct report_target *target, enum target_figure which,
			 enum language language, size_t first)
{
	char caption[CAPTION_SIZE], file[128];
	char window[32];
	const char *const words[] = {
		word(language, target->series.counts_attempts ? WORD_ATTEMPTS : WORD_SYN),
		word_duration_in_full(language, window_hours(&target->analysis), window,
				      sizeof window)};
	if (!target_has_figure(target, which)) {
		html_print(page, "<p class=\"absent\">%s</p>\n", absence(target, which, language));
		return;
	}
	if (which == TARGET_DECAY)
		write_decay_caption(target, language, caption);
	else
		language_fill(caption, sizeof caption, caption_text(which, language), words, 2);
	for (int before = 0; before < (int)which; before++)
		first += target_has_figure(target, (enum target_figure)before);
	struct figure_request request = target_figure_request(target, language);
	page_figure_write(page, &(struct page_figure){target_figure(which), &request,
						      target_figure_file(target, which, file),
						      first, caption});
}
