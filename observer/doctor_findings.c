/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor_findings.h"

#include <stdarg.h>

void findings_add(struct findings *findings, enum finding_grade grade, const char *subject,
		  const char *format, ...)
{
	findings->of_grade[grade]++;
	if (findings->findings == FINDINGS_MAX)
		return;
	struct finding *finding = &findings->finding[findings->findings++];
	va_list list;
	finding->grade = grade;
	finding->subject = subject;
	va_start(list, format);
	vsnprintf(finding->text, sizeof finding->text, format, list);
	va_end(list);
}

void findings_print(const struct findings *findings, FILE *stream)
{
	static const char *const name[FINDING_GRADES] = {"ok", "warn", "fail"};
	for (size_t i = 0; i < findings->findings; i++)
		fprintf(stream, "%-4s  %-12s  %s\n", name[findings->finding[i].grade],
			findings->finding[i].subject, findings->finding[i].text);
	size_t warnings = findings->of_grade[FINDING_WARNING];
	size_t failures = findings->of_grade[FINDING_FAILURE];
	fprintf(stream, "%zu ok, %zu warning%s, %zu failure%s\n", findings->of_grade[FINDING_OK],
		warnings, warnings == 1 ? "" : "s", failures, failures == 1 ? "" : "s");
}
