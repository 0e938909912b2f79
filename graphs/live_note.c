/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live_note.h"

#include "html.h"
#include "page.h"
#include "target_section.h"
#include "words.h"

#include "../observer/base/timestamp.h"
#include "../observer/store/ledger.h"

/* A page is out of date when it should have been renewed two times more, and loads itself again as
 * often as it is renewed, unless the reader keeps it: charts are read closely. Where no script runs
 * the head of the page renews it. */
static const char script[] =
	"(()=>{\"use strict\";const note=document.getElementById(\"live\");if(!note)return;\n"
	"const words=note.dataset,rendered=+words.rendered,every=+words.every,opened=Date.now();\n"
	"const age=note.querySelector(\".age\"),keep=note.querySelector(\"label\"),"
	"kept=keep.querySelector(\"input\");\n"
	"const span=s=>s<60?words.moment:s<7200?words.minutes.replace(\"$1\",Math.floor(s/60)):"
	"s<172800?words.hours.replace(\"$1\",Math.floor(s/3600)):"
	"words.days.replace(\"$1\",Math.floor(s/86400));\n"
	"const say=()=>{const old=Math.max(0,Date.now()/1000-rendered),stale=old>3*every;\n"
	"const text=(stale?words.stale:words.age).replace(\"$1\",span(old));\n"
	"if(age.textContent!==text)age.textContent=text;\n"
	"note.classList.toggle(\"stale\",stale);note.setAttribute(\"role\",stale?\"alert\":"
	"\"note\")};"
	"\n"
	"say();keep.hidden=false;\n"
	"setInterval(()=>{say();if(!kept.checked&&Date.now()-opened>=every*1000)location.reload()},"
	"5000)})();\n";

const char *live_script(void)
{
	return script;
}

void live_note_write(FILE *page, enum language language, const struct live *live)
{
	char rendered[TIMESTAMP_TEXT_SIZE], instant[32], every[32];
	timestamp_format(live->rendered, rendered);
	if (live->every < 120)
		snprintf(every, sizeof every, SAY(language, "%d s", "%d秒"), live->every);
	else
		word_duration(language, live->every / 3600.0, every, sizeof every);
	fprintf(page,
		"<p class=\"live\" id=\"live\" data-rendered=\"%lld\" data-every=\"%d\" "
		"data-moment=\"%s\" data-minutes=\"%s\" data-hours=\"%s\" data-days=\"%s\" "
		"data-age=\"%s\" "
		"data-stale=\"%s\">",
		(long long)live->rendered, live->every, SAY(language, "less than 1 min", "1分未満"),
		SAY(language, "$1 min", "$1分"), SAY(language, "$1 h", "$1時間"),
		SAY(language, "$1 d", "$1日"), SAY(language, "It is $1 old.", "$1前のもの。"),
		SAY(language, "Out of date: it is $1 old, and nobody renews it.",
		    "古い表示: $1前のもので、更新が止まっている。"));
	html_print(page,
		   SAY(language,
		       "This page was made at <time datetime=\"%s\">%s</time> and is renewed every "
		       "%s. ",
		       "このページは<time datetime=\"%s\">%s</time>に作られ、%sごとに更新される。"),
		   rendered, section_instant(live->rendered, instant), every);
	html_print(page,
		   "<span class=\"age\"></span> <label hidden><input type=\"checkbox\" "
		   "autocomplete=\"off\"> %s</label></p>\n",
		   SAY(language, "keep it as it is", "更新せずに表示し続ける"));
}

int live_is_behind(const struct live *live, int64_t record_end)
{
	return live->every > 0 && live->rendered - record_end > (int64_t)3 * BUCKET_SECONDS;
}
