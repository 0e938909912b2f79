/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pdf: where a PDF ends, and the date in it, which cairo takes from the clock. */
#ifndef STALENODE_PDF_H
#define STALENODE_PDF_H

#include <stddef.h>
#include <stdint.h>

/* Length of the PDF that begins bytes[length]: its end is the mark whose "startxref" tells where
 * in it the table of its objects begins (PDF 1.7, 7.5.5); 0 when there is no whole one. */
size_t pdf_length(const char *bytes, size_t length);

/* Puts UTC seconds into its /CreationDate. */
void pdf_set_date(char *bytes, size_t length, int64_t seconds);

#endif
