/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phrase_words.h"

static const struct phrase_words english = {
	.minutes = "$1 minutes",
	.hour = "$1 hour",
	.hours = "$1 hours",
	.days = "$1 days",
	.weeks = "$1 weeks",
	.months = "$1 months",
	.about = "about $1",
	.about_duration = "about $1",
	.range = "$1 to $2",
	.syn = "$1",
	.attempts = "$1",
	.syns_come = "SYNs",
	.attempts_come = "attempts",
	.steady = "about $1 at $2 per 5 minutes",
	.intermittent = "about $1 intermittently, $2 per active 5 minutes",
	.sporadic = "about $1 sporadically, $2 calls, the last on day $3",
	.monthly = "about $1 sporadically, $2 calls per month",
	.monthly_falling = "about $1 sporadically, $2 calls per month, $3 at the end",
	.one_call = "one call on day $1",
	.calls_one_day = "$1 calls on day $2",
	.calls_days = "$1 calls from day $2 to day $3",
	.silence = "then silence for about $1",
	.silence_to_the_end = "then silence for over $1 (to the end of the record)",
	.silence_from_start = "silence from the start for about $1",
	.kind = {"steady", "intermittent", "sporadic", "silent"},
	.late_begin = "The record begins about $1 after the stop.",
	.nothing_at_all = "Nothing arrived in over $1 of record.",
	.between = " ",
	.steady_clause = {"For about $1 after the stop $4 arrived steadily, at $2 per 5 minutes",
			  "then for about $1 they came steadily, at $2 per 5 minutes", ";", "."},
	.intermittent_clause =
		{"For about $1 after the stop $4 arrived intermittently, $2 in "
		 "the 5 minutes that had any",
		 "then for about $1 they came intermittently, $2 in the 5 minutes that "
		 "had any",
		 ";", "."},
	.sporadic_clause = {"In about $1 after the stop there were $2 sporadic calls, the last on "
			    "day $3",
			    "then in about $1 there were $2 sporadic calls, the last on day $3",
			    ";", "."},
	.monthly_clause = {"For about $1 after the stop there were sporadic calls, $2 per month",
			   "then for about $1 there were sporadic calls, $2 per month", ";", "."},
	.monthly_falling_clause =
		{"For about $1 after the stop there were sporadic calls, $2 per "
		 "month and $3 at the end",
		 "then for about $1 there were sporadic calls, $2 per month and $3 at "
		 "the end",
		 ";", "."},
	.one_call_clause = {"One call came on day $1", "one call came on day $1", ";", "."},
	.calls_one_day_clause = {"$1 calls came on day $2", "$1 calls came on day $2", ";", "."},
	.calls_days_clause = {"$1 calls came from day $2 to day $3",
			      "$1 calls came from day $2 to day $3", ";", "."},
	.silence_clause = {"For about $1 after the stop nothing arrived",
			   "then for about $1 nothing arrived", ";", "."},
	.silence_to_the_end_clause = {NULL,
				      "then nothing arrived in over $1 to the end of the record",
				      ";", "."},
	.clauses_per_sentence = 2,
};

/* Reports of this field say that SYNs "arrive" and count them in SYN; what is a call here arrives
 * "once". A sentence takes two clauses, the first in the continuative form. */
static const struct phrase_words japanese = {
	.minutes = "$1分間",
	.hour = "$1時間",
	.hours = "$1時間",
	.days = "$1日間",
	.weeks = "$1週間",
	.months = "$1か月",
	.about = "約$1",
	.about_duration = "およそ$1",
	.range = "$1～$2",
	.syn = "$1 SYN",
	.attempts = "$1回の接続試行",
	.syns_come = "",
	.attempts_come = "",
	.steady = "およそ$1、5分間に$2の割合で一定して到着",
	.intermittent = "およそ$1、断続的に5分間に$2が到着",
	.sporadic = "およそ$1、散発的に$2回到着（最後は$3日目）",
	.monthly = "およそ$1、散発的に1か月あたり$2回到着",
	.monthly_falling = "およそ$1、散発的に1か月あたり$2回到着（終わりごろは$3回）",
	.one_call = "$1日目に1回だけ到着",
	.calls_one_day = "$2日目に$1回到着",
	.calls_days = "$2日目から$3日目にかけて$1回到着",
	.silence = "その後およそ$1は到着なし",
	.silence_to_the_end = "その後は$1以上到着なし（観測終了まで）",
	.silence_from_start = "停止直後からおよそ$1は到着なし",
	.kind = {"定常", "断続", "散発", "無通信"},
	.late_begin = "観測が始まったのは、停止からおよそ$1を経た時点である。",
	.nothing_at_all = "$1以上の観測期間中、SYNは1つも届いていない。",
	.between = "",
	.steady_clause = {"停止後およそ$1は、5分間に$2の割合で一定して届",
			  "その後およそ$1は、5分間に$2の割合で一定して届", "き、", "いた。"},
	.intermittent_clause = {"停止後およそ$1は、断続的に5分間に$2が届",
				"その後およそ$1は、断続的に5分間に$2が届", "き、", "いた。"},
	.sporadic_clause = {"停止後およそ$1の間に、$3日目まで散発的に$2回届",
			    "その後およそ$1の間に、$3日目まで散発的に$2回届", "き、", "いた。"},
	.monthly_clause = {"停止後およそ$1は、散発的に1か月あたり$2回届",
			   "その後およそ$1は、散発的に1か月あたり$2回届", "き、", "いた。"},
	.monthly_falling_clause = {"停止後およそ$1は、散発的に1か月あたり$2回、終わりごろには$3"
				   "回届",
				   "その後およそ$1は、散発的に1か月あたり$2回、終わりごろには$3"
				   "回届",
				   "き、", "いた。"},
	.one_call_clause = {"$1日目に1回だけ届", "$1日目に1回だけ届", "き、", "いた。"},
	.calls_one_day_clause = {"$2日目に$1回届", "$2日目に$1回届", "き、", "いた。"},
	.calls_days_clause = {"$2日目から$3日目にかけて$1回届", "$2日目から$3日目にかけて$1回届",
			      "き、", "いた。"},
	.silence_clause = {"停止直後からおよそ$1は何も届か", "その後およそ$1は何も届か", "ず、",
			   "なかった。"},
	.silence_to_the_end_clause = {NULL, "その後は観測終了まで$1以上にわたり何も届いていな",
				      "く、", "い。"},
	.clauses_per_sentence = 2,
};

const struct phrase_words *phrase_words_of(enum language language)
{
	return language == LANGUAGE_JAPANESE ? &japanese : &english;
}
