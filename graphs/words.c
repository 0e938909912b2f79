/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

static const char *const table[WORDS][LANGUAGES] = {
	[WORD_SYN] = {"SYN", "SYN"},
	[WORD_ATTEMPTS] = {"attempts", "接続試行"},
	[WORD_PER_BUCKET] = {"$1 per 5 minutes", "5分あたりの$1数"},
	[WORD_OVER] = {"$1 over $2", "$1（$2間）"},
	[WORD_FIRST] = {"$1, the first $2 after retirement", "$1（停止後の最初の$2間）"},
	[WORD_RETIRED] = {"retired $1 UTC, record to $2", "停止 $1 UTC、記録は$2まで"},
	[WORD_COUNTED_FROM] = {"retirement unknown, counted from $1 UTC, record to $2",
			       "停止時刻は不明、$1 UTCから$2まで計数"},
	[WORD_DROPPED] = {", SYNs dropped", "、SYNは破棄"},
	[WORD_REFUSED] = {", SYNs answered with RST", "、SYNにはRSTで応答"},
	[WORD_DAYS_SINCE] = {"days since retirement", "停止からの日数"},
	[WORD_HOURS_SINCE] = {"hours since retirement", "停止からの時間数"},
	[WORD_MINUTES_SINCE] = {"minutes since retirement", "停止からの分数"},
	[WORD_TIME_SINCE] = {"time since retirement", "停止からの時間"},
	[WORD_ROOT_SCALE] = {" (square-root scale)", "（平方根目盛）"},
	[WORD_LOG_SCALE] = {" (logarithmic scale)", "（対数目盛）"},
	[WORD_DATES_UTC] = {"; dates in UTC", "、日付はUTC"},
	[WORD_DATE_UTC] = {"date (UTC)", "日付（UTC）"},
	[WORD_A_SECOND] = {"1 a second", "1秒に1"},
	[WORD_A_MINUTE] = {"1 a minute", "1分に1"},
	[WORD_AN_HOUR] = {"1 an hour", "1時間に1"},
	[WORD_A_DAY] = {"1 a day", "1日に1"},
	[WORD_A_WEEK] = {"1 a week", "1週に1"},
	[WORD_A_MONTH] = {"1 a month", "1か月に1"},
	[WORD_A_YEAR] = {"1 a year", "1年に1"},
	[WORD_NOT_OBSERVED] = {"not observed", "未観測"},
	[WORD_NONE_CAME] = {"none came (bar: 95 % limit)", "到着なし（棒は95 %上限）"},
	[WORD_ACTIVE_MEAN] = {"mean of active buckets", "到着のあった5分間の平均"},
	[WORD_ALL_MEAN] = {"mean of all, 95 % interval", "全体の平均と95 %区間"},
	[WORD_BACKGROUND] = {"background", "背景（無関係な到着）"},
	[WORD_FIT_BAND] = {"95 % band of the fit", "曲線の95 %区間"},
	[WORD_BEST_FIT] = {"best fit: $1", "最適な曲線: $1"},
	[WORD_EACH_BUCKET] = {"each 5 minutes", "5分ごと"},
	[WORD_HOUR_MEAN] = {"mean of each hour", "1時間ごとの平均"},
	[WORD_LAST_SYN] = {"last SYN after $1", "最後のSYNは$1後"},
	[WORD_LAST_AT_ONCE] = {"last SYN in the first 5 minutes", "最後のSYNは最初の5分間"},
	[WORD_ONE_CALL] = {"1 call", "1回"},
	[WORD_OWN_PORT] = {"to its own port, 95 % interval", "当該ポート宛て（95 %区間）"},
	[WORD_OWN_PORT_NONE] = {"none to its own port", "当該ポート宛てなし"},
	[WORD_OTHER_PORTS] = {"to all other ports together", "他の全ポート宛ての合計"},
	[WORD_OTHER_PORTS_NONE] = {"none to other ports", "他のポート宛てなし"},
	[WORD_ESTIMATED_BACKGROUND] = {"background on its port", "当該ポートの背景（推定）"},
	[WORD_BACKGROUND_ABOUT] = {"SYN to its port and to other ports",
				   "当該ポートと他のポートに届いたSYN"},
	[WORD_COMPARE_ABOUT] = {"$1 of $2 targets, aligned on retirement",
				"$1（$2件、停止時刻を揃えて比較）"},
	[WORD_COMPARE_FITS] = {"points: means; lines: the best fit of each, with its 95 % band",
			       "点: 平均、線と帯: それぞれの最適な曲線と95 %区間"},
	[WORD_COMPARE_MEANS] = {"means over stretches that widen with time",
				"時間とともに広がる区間の平均"},
	[WORD_SURVIVAL_ABOUT] = {"what was still to come, and the pauses",
				 "この後に届く割合と、途絶えた時間"},
	[WORD_STILL_TO_COME] = {"still to come", "この後に届く割合"},
	[WORD_SINCE_LAST] = {"since the last", "最後からの時間"},
	[WORD_COUNTED] = {"as counted", "計数による"},
	[WORD_COUNTED_FORECAST] = {"as counted and forecast, 95 % interval",
				   "計数と予測（95 %区間）"},
	[WORD_LONGEST_PAUSE] = {"longest time since the last one", "最後の到着からの最長時間"},
	[WORD_BACKGROUND_TEXT] = {"SYNs per 5 minutes to the port of the retired node, and to all "
				  "other ports of its address, on a logarithmic axis over $1.",
				  "停止したノードのポート宛てと、同じアドレスの他のポート宛ての"
				  "5分あたりのSYN数（対数目盛、$1間）。"},
	[WORD_COMPARE_TEXT] = {"$1 on a logarithmic axis against the time since the "
			       "retirement of each target: $2.",
			       "各対象の停止からの時間に対する$1（対数目盛）: $2。"},
	[WORD_SURVIVAL_TEXT] = {"Above: the share of all residual $1 that was still to come at "
				"each time since retirement, $2. Below: how long ago the last one "
				"was.",
				"上: 停止から届く全$1のうち、その時点以降に届く割合（$2）。下: "
				"最後の到着からの時間。"},
	[WORD_PORTS_ABOUT] = {"Packets per day by destination port, mean of $1 sensors",
			      "宛先ポート別の1日あたりのパケット数（$1センサーの平均）"},
	[WORD_PORTS_ABOUT_ONE] = {"packets per day by destination port",
				  "宛先ポート別の1日あたりのパケット数"},
	[WORD_PORTS_BELOW] = {"TCP SYNs and UDP datagrams to the address, $1 to $2 UTC",
			      "アドレスに届いたTCP SYNとUDPデータグラム、$1～$2 UTC"},
	[WORD_UP_TO] = {"up to $1", "最大$1"},
	[WORD_PACKETS_A_DAY] = {"packets per day and sensor", "1センサー1日あたりのパケット数"},
	[WORD_OTHER_PORTS_SHORT] = {"other ports", "その他のポート"},
	[WORD_ITS_OWN] = {"$1 (its own)", "$1（当該）"},
	[WORD_SOURCES_ABOUT] = {"where the SYNs came from", "SYNの送信元"},
	[WORD_SOURCES_BELOW] =
		{"sources of SYNs to the port, each counted once a day, $1 to $2 UTC",
		 "ポート宛てSYNの送信元（1日に1回ずつ計数）、$1～$2 UTC"},
	[WORD_SHARE_OF_SOURCES] = {"share of the sources (%)", "送信元の割合（%）"},
	[WORD_COUNTRIES] = {"by country", "国別"},
	[WORD_PROVIDERS] = {"by provider (autonomous system)", "事業者別（自律システム）"},
	[WORD_UNKNOWN] = {"unknown", "不明"},
	[WORD_OTHERS] = {"others", "その他"},
	[WORD_PORTS_TEXT] =
		{"Packets per day to each of the ten busiest destination ports, stacked, "
		 "and to all others; the busiest: $1.",
		 "最も多い10の宛先ポートとその他への1日あたりのパケット数の積み上げ。"
		 "最多は$1。"},
	[WORD_SOURCES_TEXT] = {"Bars: the share of the sources of SYNs by country, and by provider "
			       "where that is known; most from $1.",
			       "SYNの送信元の割合を国別（分かる場合は事業者別も）に示す棒グラフ。"
			       "最多は$1。"},
	[WORD_MECHANISM_ABOUT] = {"How a recycled address inherits calls",
				  "再割り当てされたアドレスが呼び出しを受け継ぐ仕組み"},
	[WORD_MECHANISM_BELOW] =
		{"Nobody attacks: the saved lists of the callers still name a node "
		 "that is gone.",
		 "攻撃ではない。呼び出す側が保存した一覧に、停止したノードが残っている。"},
	[WORD_HELD_BY_A] = {"$1, held by A", "$1（Aが使用）"},
	[WORD_HELD_BY_NONE] = {"$1, held by nobody", "$1（使用者なし）"},
	[WORD_HELD_BY_OTHER] = {"$1, held by E", "$1（Eが使用）"},
	[WORD_CALLS_ANSWERED] = {"calls, answered", "呼び出しと応答"},
	[WORD_NO_CALLS] = {"the lists stay", "一覧は残る"},
	[WORD_CALLS_STRANGE] = {"SYN  SYN  SYN", "SYN  SYN  SYN"},
	[WORD_STEP_ONLINE] = {"Node A is online. B, C and D save", "ノードAが稼働中。B・C・Dは"},
	[WORD_STEP_ONLINE_MORE] = {"its address in their lists.", "そのアドレスを一覧に保存する。"},
	[WORD_STEP_STOPPED] = {"A stops. Its address goes back to",
			       "Aが停止する。アドレスは事業者に"},
	[WORD_STEP_STOPPED_MORE] = {"the provider; the lists keep it.", "戻るが、一覧には残る。"},
	[WORD_STEP_RECYCLED] = {"E gets the address. B, C and D call",
				"Eが同じアドレスを受け取る。"},
	[WORD_STEP_RECYCLED_MORE] = {"as before: E sees only strangers.",
				     "B・C・Dは以前と同じく呼び続ける。"},
	[WORD_SAVED_LIST] = {"a saved list of nodes, with the address of A in it",
			     "保存されたノードの一覧（Aのアドレスを含む）"},
	[WORD_MECHANISM_TEXT] =
		{"Three steps. One: node A is online, nodes B, C and D call it and "
		 "save its address. Two: A stops and its address is free. Three: E "
		 "gets the address, and B, C and D call it still.",
		 "3つの段階。1: ノードAが稼働し、B・C・Dが呼び出してアドレスを保存する。"
		 "2: Aが停止し、アドレスが空く。3: Eがそのアドレスを受け取るが、B・C・D"
		 "は呼び続ける。"},
	[WORD_DECAY_TEXT] =
		{"$1 on a logarithmic axis from retirement to the end of the record, "
		 "in phases, with the curve that fits best: $2.",
		 "停止から記録の終わりまでの$1（対数目盛）。期間の区分と、最もよく合う曲線"
		 "（$2）を示す。"},
	[WORD_LOGLOG_TEXT] =
		{"$1 against the time since retirement, both on logarithmic axes, "
		 "with the curve that fits best: $2.",
		 "停止からの時間に対する$1（両対数目盛）。最もよく合う曲線（$2）を示す。"},
	[WORD_WINDOW_TEXT] = {"Bars of $1 as counted in the first $2 after retirement, with the "
			      "mean of each hour.",
			      "停止後の最初の$2間に数えた$1の棒グラフと、1時間ごとの平均。"},
};

/* Short enough for three columns of a key. */
static const char *const families[FAMILIES][LANGUAGES] = {
	[FAMILY_CONST] = {"constant", "一定"},
	[FAMILY_EXP] = {"exponential", "指数"},
	[FAMILY_BIEXP] = {"two exponentials", "二重指数"},
	[FAMILY_WEIBULL] = {"Weibull", "ワイブル"},
	[FAMILY_OMORI] = {"Omori-Utsu", "大森・宇津"},
	[FAMILY_LOGISTIC] = {"logistic", "ロジスティック"},
	[FAMILY_PLATEAU_EXP] = {"plateau, exponential", "平坦→指数"},
	[FAMILY_PLATEAU_OMORI] = {"plateau, Omori-Utsu", "平坦→大森・宇津"},
};

const char *word_family(enum language language, enum family family)
{
	return families[family][language];
}

const char *word(enum language language, enum word which)
{
	return table[which][language];
}

char *word_fill(enum language language, enum word which, const char *first, const char *second,
		char *text)
{
	const char *const argument[] = {first, second};
	language_fill(text, WORD_TEXT_SIZE, word(language, which), argument, 2);
	return text;
}

static char *write_duration(double hours, const char *const unit[3], const char *plural, char *text,
			    size_t size)
{
	int scale = hours < 0.95 && hours > 0 ? 0 : hours < 48 ? 1 : 2;
	double number = scale == 0 ? round(hours * 60) : scale == 1 ? hours : hours / 24;
	bool whole = number >= 9.95 || fabs(number - round(number)) < 0.05;
	bool one = whole && fabs(number - 1) < 0.05;
	snprintf(text, size, "%.*f%s%s", whole ? 0 : 1, number, unit[scale], one ? "" : plural);
	return text;
}

static const char *const japanese_unit[3] = {"分", "時間", "日"};

char *word_duration(enum language language, double hours, char *text, size_t size)
{
	static const char *const unit[3] = {" min", " h", " d"};
	return write_duration(hours, language == LANGUAGE_JAPANESE ? japanese_unit : unit, "", text,
			      size);
}

char *word_duration_in_full(enum language language, double hours, char *text, size_t size)
{
	static const char *const unit[3] = {" minute", " hour", " day"};
	return language == LANGUAGE_JAPANESE ? write_duration(hours, japanese_unit, "", text, size)
					     : write_duration(hours, unit, "s", text, size);
}
