# SPDX-License-Identifier: GPL-3.0-or-later
# data/ports.tsv as rows of struct port_row (port_table.c).
BEGIN { FS = "\t" }
/^#/ || $1 == "ports" { next }
NF != 5 { print FILENAME ":" FNR ": has " NF " columns instead of 5" > "/dev/stderr"; failed = 1; exit 1 }
{
	class = toupper($5)
	gsub(/-/, "_", class)
	count = split($1, ports, ",")
	for (i = 1; i <= count; i++) {
		split(ports[i] "-" ports[i], range, "-")
		printf "{%s, %s, %d, PORT_%s, \"%s\", \"%s\"},\n", range[1], range[2], \
			($2 ~ /tcp/) + 2 * ($2 ~ /udp/), class, $3, $4
	}
}
END { exit failed }
