/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * html: text into HTML and XML. Everything that was not written by this project passes through
 * html_text(), in elements and in quoted attributes alike. */
#ifndef STALENODE_HTML_H
#define STALENODE_HTML_H

#include <stdio.h>

/* Escapes & < > " ' and `; see plain_text.h for what becomes U+FFFD. */
void html_text(FILE *page, const char *text);

/* Like fprintf, with every result of a conversion escaped: html_print(page, "<td>%s</td>", name).
 * The format is ours and is written as it stands. Only %s, %d, %zu and %% are known: at any other
 * conversion the writing ends. */
void html_print(FILE *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
