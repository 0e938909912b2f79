/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_figure.h"

#include "html.h"
#include "page.h"

void page_figure_write(FILE *page, const struct page_figure *picture)
{
	static const char *const format[] = {"svg", "png", "pdf", "csv"};
	enum language language = picture->request->language;
	struct figure_description description = {0};
	picture->figure->describe(&description, picture->request);
	html_print(page,
		   SAY(language,
		       "<figure>\n<img src=\"figures/%s.svg\" width=\"%d\" height=\"%d\" "
		       "alt=\"%s\">\n<figcaption><strong>Figure %zu.</strong> %s",
		       "<figure>\n<img src=\"figures/%s.svg\" width=\"%d\" height=\"%d\" "
		       "alt=\"%s\">\n<figcaption><strong>図%zu</strong>　%s"),
		   picture->file, FIGURE_WIDTH, FIGURE_HEIGHT, description.text, picture->number,
		   picture->caption);
	fputs(SAY(language, "<span class=\"downloads\"> Get it as ",
		  "<span class=\"downloads\"> ダウンロード: "),
	      page);
	for (size_t i = 0; i < sizeof format / sizeof format[0]; i++)
		html_print(page, "%s<a href=\"figures/%s.%s\">%s</a>", i ? ", " : "", picture->file,
			   format[i], format[i]);
	fputs(SAY(language, ".</span></figcaption>\n</figure>\n",
		  "。</span></figcaption>\n</figure>\n"),
	      page);
}
