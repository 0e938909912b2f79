/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chart.h"

#include "chart_data.h"
#include "html.h"
#include "words.h"

#include "../observer/base/whole_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CODE_SIZE_MAX ((size_t)1 << 20)

static const char *const styles[] = {"uPlot.min.css", "chart.css"};
static const char *const scripts[] = {"uPlot.iife.min.js", "chart.js"};

static const struct {
	const char *name, *text[LANGUAGES];
} words[] = {
	{"syn", {"SYN", "SYN"}},
	{"attempts", {"attempts", "接続試行"}},
	{"synAxis", {"SYN per 5 minutes", "5分あたりのSYN数"}},
	{"attemptsAxis", {"attempts per 5 minutes", "5分あたりの接続試行数"}},
	{"daysSince", {"days since retirement", "停止からの日数"}},
	{"hoursSince", {"hours since retirement", "停止からの時間数"}},
	{"minutes", {"$1 min", "$1分"}},
	{"hours", {"$1 h", "$1時間"}},
	{"days", {"$1 d", "$1日"}},
	{"span", {"$1 to $2", "$1～$2"}},
	{"value",
	 {"$1: $2 per 5 minutes ($3 $4 in $5 observed)", "$1: 5分あたり$2（観測$5で$3 $4）"}},
	{"fitValue", {"; $1 $2", "、$1 $2"}},
	{"unknown", {"$1: not observed", "$1: 未観測"}},
	{"fits", {"Fitted curves", "あてはめた曲線"}},
	{"weight", {"BIC weight $1 %", "BICの重み $1 %"}},
	{"axes", {"Logarithmic", "対数目盛"}},
	{"logCount", {"counts", "数"}},
	{"logTime", {"time", "時間"}},
	{"zoom", {"Part shown", "表示範囲"}},
	{"zoomIn", {"closer", "拡大"}},
	{"zoomOut", {"wider", "縮小"}},
	{"earlier", {"earlier", "前へ"}},
	{"later", {"later", "後へ"}},
	{"all", {"all", "全体"}},
	{"label",
	 {"Chart of $1. Left and right arrow: one point on; plus and minus: zoom; 0: all.",
	  "$1のグラフ。左右の矢印で点を移動、＋と－で拡大・縮小、0で全体。"}},
	{"point",
	 {"Point at the chart to read its values. Hatched: not observed. Open circles: none came.",
	  "グラフを指すと値を表示します。斜線: 未観測。白丸: 到着なし。"}},
	{"help",
	 {"Drag across the chart to zoom. With the keyboard: arrows read, Shift and arrows move, "
	  "+ and \xE2\x88\x92 zoom, 0 shows all.",
	  "グラフ上を横にドラッグすると拡大します。キーボード: 矢印で値を読み、Shift＋矢印で移動、"
	  "＋と－で拡大・縮小、0で全体。"}},
};

/* Appends a file of the directory to *text; false where it is not there. */
static bool append_file(char **text, const char *directory, const char *name,
			struct failure *failure)
{
	char path[4096], *content;
	size_t length, before = *text ? strlen(*text) : 0;
	if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path ||
	    access(path, R_OK) != 0 ||
	    whole_file_read(path, CODE_SIZE_MAX, &content, &length, failure) != 0)
		return false;
	char *longer = realloc(*text, before + length + 2);
	if (!longer)
		fail(failure, EXIT_FAILED, "out of memory for %s", path);
	else if (strcasestr(content, "</script") || strcasestr(content, "</style"))
		fail(failure, EXIT_FAILED,
		     "%s: ends an element of the page: not the file that "
		     "'make chart' fetches",
		     path);
	if (longer) {
		memcpy(longer + before, content, length);
		memcpy(longer + before + length, "\n", 2);
		*text = longer;
	}
	free(content);
	return failure->status == EXIT_DONE;
}

static bool read_directory(struct chart_code *code, const char *directory, struct failure *failure)
{
	bool whole = true;
	for (size_t i = 0; i < sizeof styles / sizeof styles[0] && whole; i++)
		whole = append_file(&code->style, directory, styles[i], failure);
	for (size_t i = 0; i < sizeof scripts / sizeof scripts[0] && whole; i++)
		whole = append_file(&code->script, directory, scripts[i], failure);
	if (!whole)
		chart_code_free(code);
	return whole;
}

int chart_code_read(struct chart_code *code, const char *directory, struct failure *failure)
{
	static const char *const beside[] = {"chart", "../share/stalenode/chart"};
	char program[2048], path[4096];
	*code = (struct chart_code){0};
	*failure = (struct failure){0};
	if (directory) {
		read_directory(code, directory, failure);
		return failure->status != EXIT_DONE ? -1 : 0;
	}
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	if (length <= 0)
		return 0;
	program[length] = '\0';
	*strrchr(program, '/') = '\0';
	for (size_t i = 0; i < sizeof beside / sizeof beside[0] && failure->status == EXIT_DONE;
	     i++) {
		snprintf(path, sizeof path, "%s/%s", program, beside[i]);
		if (read_directory(code, path, failure))
			return 0;
	}
	return failure->status != EXIT_DONE ? -1 : 0;
}

void chart_code_free(struct chart_code *code)
{
	free(code->style);
	free(code->script);
	*code = (struct chart_code){0};
}

/* JSON in a script element ends at "</script" and changes its reading at "<!--", whatever quotes
 * say; without < and > it can do neither. */
static int write_json(FILE *page, json_t *json, struct failure *failure)
{
	char *text =
		json ? json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9))
		     : NULL;
	json_decref(json);
	if (!text)
		return fail(failure, EXIT_FAILED, "out of memory for a chart");
	for (const char *next = text; *next; next++)
		if (*next == '<' || *next == '>' || *next == '&')
			fprintf(page, "\\u%04x", (unsigned)*next);
		else
			putc(*next, page);
	free(text);
	return 0;
}

int chart_write_words(FILE *page, enum language language, struct failure *failure)
{
	json_t *json = json_object();
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		json_object_set_new(json, words[i].name, json_string(words[i].text[language]));
	json_t *families = json_object();
	for (int family = 0; family < FAMILIES; family++)
		json_object_set_new(families, family_name((enum family)family),
				    json_string(word_family(language, (enum family)family)));
	json_object_set_new(json, "families", families);
	fputs("<script type=\"application/json\" id=\"chart-words\">", page);
	int result = write_json(page, json, failure);
	fputs("</script>\n", page);
	return result;
}

int chart_write(FILE *page, const struct analysis *analysis, enum language language, size_t targets,
		struct failure *failure)
{
	html_print(page, "<div class=\"chart\" hidden>\n<h4>%s</h4>\n",
		   language == LANGUAGE_JAPANESE ? "拡大して値を読む" : "Look closer");
	fputs("<script type=\"application/json\">", page);
	int result = write_json(page, chart_data(analysis, chart_numbers(targets)), failure);
	fputs("</script>\n</div>\n", page);
	return result;
}
