/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doctor_findings: what the doctor found, in order: one line each. */
#ifndef STALENODE_DOCTOR_FINDINGS_H
#define STALENODE_DOCTOR_FINDINGS_H

#include <stddef.h>
#include <stdio.h>

/* More than there are checks; a finding beyond it is counted, but its text is lost. */
#define FINDINGS_MAX 32

enum finding_grade {
	FINDING_OK,
	FINDING_WARNING, /* months of capture may suffer from it */
	FINDING_FAILURE, /* capture does not work */
	FINDING_GRADES
};

struct finding {
	enum finding_grade grade;
	const char *subject; /* a word: not owned */
	char text[1024];     /* what was found, and the mend unless it is ok */
};

struct findings {
	struct finding finding[FINDINGS_MAX];
	size_t findings;
	size_t of_grade[FINDING_GRADES];
};

void findings_add(struct findings *findings, enum finding_grade grade, const char *subject,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A line for each, and one that counts them. */
void findings_print(const struct findings *findings, FILE *stream);

#endif
