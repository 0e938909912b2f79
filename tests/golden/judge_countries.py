#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the names of countries (CODE, English, Japanese; tabs between) and compares them with ISO 3166
as the Debian package iso-codes has it. Says "ok" or "not ok" of each comparison.

Names are short forms, so English is the same when each of its words is, letter by letter, left in
order, in a word of the standard's: "Utd" of "United". Japanese is when it is part of the package's
translation, or no other country's is nearer: the translation is partly older, partly more formal."""
import difflib
import gettext
import json
import os
import re
import sys
import unicodedata

STANDARD = "/usr/share/iso-codes/json/iso_3166-1.json"
TRANSLATION = "/usr/share/locale/ja/LC_MESSAGES/iso_3166-1.mo"
# English: called by what they are, not by the names of three islands or in the letters of a state.
# Japanese, too; and three that the translation calls as they were called before, or by their sound.
OWN_ENGLISH = {"BQ", "UM"}
OWN_JAPANESE = {"BQ", "UM", "AI", "GE", "SX"}


def words(name):
    plain = unicodedata.normalize("NFD", name.replace(".", "").replace("'", "")).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z]+", plain)


def is_within(short, long):
    letters = iter(long)
    return all(letter in letters for letter in short)


def is_short_form(name, entry):
    known = [word for key in ("name", "common_name", "official_name")
             for word in words(entry.get(key, ""))]
    return all(any(is_within(word, other) for other in known) for word in words(name))


def core(name):
    return re.sub(r"[\s()（）・、,]|及び|共和国|連邦", "", name)


def say(good, sentence, differences=()):
    print(f"{'ok' if good else 'not ok'} - {sentence}")
    for difference in differences:
        print(f"    {difference}")


ours = {code: (english, japanese) for code, english, japanese in
        (line.rstrip("\n").split("\t") for line in sys.stdin)}
with open(STANDARD, encoding="utf-8") as stream:
    standard = {entry["alpha_2"]: entry for entry in json.load(stream)["3166-1"]}

absent, own = sorted(set(standard) - set(ours)), sorted(set(ours) - set(standard))
say(not absent and not own, f"all {len(standard)} codes of ISO 3166 have names, and no other",
    [f"without a name: {absent}", f"no code: {own}"] if absent or own else ())

strange = [f"{code}: {ours[code][0]} for {entry['name']}" for code, entry in standard.items()
           if code in ours and code not in OWN_ENGLISH and not is_short_form(ours[code][0], entry)]
say(not strange, "each in English is the standard's, or a short form of it", strange)

# Small systems leave translations out of every package.
if not os.path.exists(TRANSLATION):
    print(f"skip - {TRANSLATION} is not installed")
    sys.exit()
with open(TRANSLATION, "rb") as stream:
    translation = gettext.GNUTranslations(stream)
japanese = {code: core(text) for code, entry in standard.items()
            if (text := translation.gettext(entry["name"])) != entry["name"]}


def likeness(code, other):
    return difflib.SequenceMatcher(None, core(ours[code][1]), japanese[other]).ratio()


strange = []
for code in sorted(set(japanese) & set(ours) - OWN_JAPANESE):
    if core(ours[code][1]) in japanese[code]:
        continue
    nearest = max(japanese, key=lambda other: likeness(code, other))
    if likeness(code, nearest) > likeness(code, code):
        strange.append(f"{code}: {ours[code][1]} is nearer to {nearest}: {japanese[nearest]}")
    elif likeness(code, code) == 0:
        strange.append(f"{code}: {ours[code][1]} for {japanese[code]}")
say(len(japanese) > 200 and not strange,
    f"and each of {len(japanese)} in Japanese is nearest to the translation of its own", strange)
