# SPDX-License-Identifier: GPL-3.0-or-later
# data/clients.tsv as rows of struct client_row (client_table.c).
BEGIN { FS = "\t" }
/^#/ || $1 == "client" { next }
NF != 8 { print FILENAME ":" FNR ": has " NF " columns instead of 8" > "/dev/stderr"; failed = 1; exit 1 }
{
	printf "{\"%s\", %s, {", $1, $6 == "-" ? 0 : $6
	count = $2 == "-" ? 0 : split($2, ports, ",")
	for (i = 1; i <= count; i++) {
		split(ports[i], part, "/")
		split(part[1] "-" part[1], range, "-")
		printf "{%s, %s, %d}, ", range[1], range[2], part[2] == "tcp" ? 1 : 2
	}
	printf "}, %d, \"%s\"},\n", count, $7 == "-" ? "" : substr($7, 1, 2)
}
END { exit failed }
