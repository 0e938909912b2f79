/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "html.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

/* Contrasts are at least 7:1 for text and 4.5:1 for links in both schemes. */
static const char page_style[] =
	":root{color-scheme:light dark;--ground:#fff;--text:#1b1b1b;--quiet:#4d4d4d;--line:#c9c9c9;"
	"--card:#f5f6f7;--link:#005a8c;--strong:#eaf4fb}\n"
	"@media (prefers-color-scheme:dark){:root{--ground:#16181a;--text:#e9e9e9;--quiet:#b9b9b9;"
	"--line:#454a4f;--card:#202427;--link:#7cc4f2;--strong:#1d3342}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:62rem;padding:1.5rem 1.25rem 4rem;background:var(--ground);"
	"color:var(--text);font:1rem/1.55 system-ui,\"DejaVu Sans\",Verdana,sans-serif}\n"
	"h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 .75rem}\n"
	"h2{font-size:1.45rem;line-height:1.25;margin:3rem 0 .5rem;padding-top:.75rem;"
	"border-top:2px solid var(--line)}\n"
	"h3{font-size:1.1rem;margin:2rem 0 .4rem}\n"
	"p,li{max-width:44rem}\n"
	"p.lead{font-size:1.1rem}\n"
	"a{color:var(--link)}\n"
	"nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}\n"
	"figure{margin:1.25rem 0 1.75rem}\n"
	"figure img{display:block;width:100%;max-width:56rem;height:auto;background:#fff;"
	"border:1px solid var(--line);border-radius:6px;padding:8px}\n"
	"figcaption{max-width:56rem;margin-top:.5rem;font-size:.92rem;color:var(--quiet)}\n"
	".scroll{overflow-x:auto;margin:.75rem 0 1.5rem}\n"
	"table{border-collapse:collapse;font-size:.92rem;line-height:1.4}\n"
	"caption{text-align:left;color:var(--quiet);padding-bottom:.4rem}\n"
	"th,td{padding:.3rem .9rem .3rem 0;text-align:left;vertical-align:top;"
	"border-bottom:1px solid var(--line)}\n"
	"thead th{border-bottom:2px solid var(--line);vertical-align:bottom}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}\n"
	"tbody th{min-width:7rem}\n"
	"th code{font-weight:400;color:var(--quiet)}\n"
	"td.best{font-weight:700;background:var(--strong)}\n"
	".n+th:not(.n),.n+td:not(.n){padding-left:.4rem}\n"
	":lang(ja) thead th{word-break:keep-all}\n"
	"dl{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr;gap:.25rem 1.25rem;"
	"margin:.75rem 0 1.5rem;max-width:56rem}\n"
	"dt{color:var(--quiet)}\ndd{margin:0}\n"
	".note{background:var(--card);border-left:4px solid var(--line);padding:.6rem .9rem;"
	"max-width:46rem}\n"
	"td ol,dd ol,dd ul{margin:0;padding-left:1.2rem}\n"
	".live{background:var(--card);border-left:4px solid var(--link);padding:.6rem .9rem}\n"
	".live.stale{border-left-color:#c23b00;font-weight:700}\n"
	".live label{white-space:nowrap;margin-left:.5rem}\n"
	"@media (max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}}\n"
	"@page{size:A4;margin:18mm 16mm}\n"
	"@media print{:root{--ground:#fff;--text:#000;--quiet:#333;--line:#aaa;--card:#fff;"
	"--link:#000;--strong:#fff}\n"
	"html{font-size:9.5pt}body{max-width:none;padding:0}nav{display:none}\n"
	"h1{font-size:18pt}h2{font-size:14pt;margin-top:1.5rem}h3{font-size:11pt;margin-top:1.2rem}"
	"\n"
	"h2,h3,caption{break-after:avoid}figure,table,tr,dl,.note{break-inside:avoid}"
	"table.long{break-inside:auto}figure{margin:"
	".8rem 0 1rem}\n"
	"thead{display:table-header-group}section.target{break-before:page}\n"
	".scroll{overflow:visible}table{font-size:8.5pt}th,td{padding-right:.7rem}\n"
	"figure img{border:0;padding:0;max-width:150mm}#summary figure img{max-width:125mm}\n"
	"h3+figure{margin-top:.3rem}dl+p{break-before:avoid}p,li{orphans:3;widows:3;max-width:none}"
	"\n"
	".downloads,.live label{display:none}}\n";

static void write_policy(FILE *page, const char *script)
{
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "img-src 'self' file: data:; style-src 'unsafe-inline'; base-uri 'none'; "
	      "form-action 'none'",
	      page);
	if (script) {
		unsigned char digest[SHA256_DIGEST_LENGTH], text[64];
		SHA256((const unsigned char *)script, strlen(script), digest);
		EVP_EncodeBlock(text, digest, sizeof digest);
		fprintf(page, "; script-src 'sha256-%s'", (const char *)text);
	}
	fputs("\">\n", page);
}

void page_begin(FILE *page, const char *title, enum language language, const char *style,
		const char *script, int renewed_seconds)
{
	fprintf(page, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
		language_code(language));
	write_policy(page, script);
	fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"generator\" content=\"stalenode\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n",
	      page);
	if (renewed_seconds > 0)
		fprintf(page, "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>\n",
			renewed_seconds);
	html_print(page, "<title>%s</title>\n", title);
	fprintf(page, "<style>\n%s%s</style>\n</head>\n<body>\n", page_style, style ? style : "");
}

void page_end(FILE *page, const char *script)
{
	if (script)
		fprintf(page, "<script>%s</script>\n", script);
	fputs("</body>\n</html>\n", page);
}

void page_scroll_begin(FILE *page, const char *name)
{
	html_print(page, "<div class=\"scroll\" role=\"region\" aria-label=\"%s\" tabindex=\"0\">",
		   name);
}

void page_table_begin(FILE *page, const char *caption, const char *const *heads)
{
	page_scroll_begin(page, caption);
	html_print(page, "<table>\n<caption>%s</caption>\n<thead><tr>", caption);
	for (; *heads; heads++) {
		if (**heads == '#')
			html_print(page, "<th scope=\"col\" class=\"n\">%s</th>", *heads + 1);
		else
			html_print(page, "<th scope=\"col\">%s</th>", *heads);
	}
	fputs("</tr></thead>\n<tbody>\n", page);
}

void page_table_end(FILE *page)
{
	fputs("</tbody></table></div>\n", page);
}
