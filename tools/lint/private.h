/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to tools/lint: the state of one run.
 *
 * inputs.c opens folder, report and kernel; units.c picks the units; checks.c adds questions to the compiler behind each unit's text
 * and reads the answers; signature.c, layout.c, address.c, unresolved.c, string.c, stays.c, effect.c, feature.c and kconfig.c are the rules, over the
 * facts of one unit each.
 */
#ifndef PLUGSCHED_LINT_PRIVATE_H
#define PLUGSCHED_LINT_PRIVATE_H

#include "analyzer/binary/binary.h"
#include "tools/lint/lint.h"
#include "analyzer/source/source.h"
#include "emit/read.h"
#include "graph/index.h"
#include "base/elf/image.h"
#include "rewriter/features/features.h"
#include "rewriter/plan/plan.h"

/* What the compiler is asked behind the text of a unit, a line each. */
struct lint_check {
	const struct plan_entry *entry; /* function: has it the report's type? variable: has it vmlinux's size? */
	bool has_failed;
};

/* One unit: what is asked and what came of it. */
struct lint_unit {
	const struct tree_unit *unit;
	char *text;               /* of its main file, with the questions behind it */
	unsigned lines;           /* of the file itself */
	GArray *checks;           /* struct lint_check: the one at i stands in line `lines` + 1 + i */
	unsigned features_line;   /* where questions about features begin; 0: none are asked */
	GArray *feature_answers;  /* bool: the question of that number behind features_line has failed */
	const struct facts *facts; /* NULL: it could not be parsed at all */
	GPtrArray *errors;        /* const struct source_error *: those of its own text */
	GHashTable *defined;      /* name -> index + 1 of the function or variable of the scheduler's files that it defines */
};

struct linter {
	const struct lint_options *options;
	struct lint_result *result;
	bool is_extracted;        /* else a kernel's source tree */
	char *folder;             /* absolute */
	struct emit_read *report;
	const struct graph *graph;
	struct plan *plan;
	struct tree *tree;
	struct config *config;
	char *scheduler;          /* folder of the scheduler in the tree: "kernel/sched" */
	struct source_context context;
	GArray *overlays;         /* struct source_overlay: what is parsed in place of files */
	GPtrArray *given;         /* struct source_overlay *: of the command line; paths and texts owned */
	GPtrArray *wanted;        /* char *: the files asked for, as the tree names them; empty: all */
	bool is_filtered;         /* all units are parsed, as it is not known which of them the files are part of */
	GPtrArray *all_units;     /* struct tree_unit *: the scheduler's */
	GPtrArray *units;         /* struct lint_unit *: those to check */
	GPtrArray *paths;         /* char *: of the units' main files, which the overlays borrow */
	char *boundary;           /* of an extracted tree's boundary.h, likewise */
	struct source_result *parsed;
	GHashTable *texts;        /* file -> text, of files that findings stand in */
	GHashTable *known_names;  /* names that the module's objects may leave undefined; NULL until needed */
	GHashTable *known_uses;   /* "FROM>TO": uses that the report has; NULL until needed */
	struct graph_index *index; /* of the report; NULL until needed */
	GPtrArray *others;        /* struct lint_unit *: units that are not checked and were parsed for what they define */
	GPtrArray *others_parsed; /* struct source_result *: own the facts of those */
	GHashTable *nowhere;      /* names that no unit of the module defines */
	struct features *features; /* vmlinux's; NULL: not asked for, or none are */
	char *check_begin, *check_begin_text; /* of the header before each unit, which the overlays borrow */
	GHashTable *staying;      /* name -> GPtrArray of struct plan_entry *: what is vmlinux's; NULL until needed */
	GHashTable *config_known; /* CONFIG_ symbols that the kernel has or the original source names; NULL until needed */
	GHashTable *kconfig;      /* those of its Kconfig files; NULL until needed */
	struct image *vmlinux;     /* opened when the first name has to be looked up */
};

/* inputs.c: opens all; false with `error`. */
bool lint_open(struct linter *linter, GError **error);

/* The path without symlinks, also of a file that is not there. Caller frees. */
char *lint_resolve(const char *path);

/* Makes the context's overlays: what was given, the units' texts with their questions, an empty boundary.h. */
void lint_lay_over(struct linter *linter);

/* units.c: fills `units` from the files asked for; false with `error`. */
bool lint_choose_units(struct linter *linter, GError **error);

/* After parsing: drops units that did not read any of the files asked for; a file that none read is a problem. */
void lint_drop_units(struct linter *linter);

/* Adds to `others` the units of the module that are not parsed yet and whose own files have this word. */
void lint_parse_others(struct linter *linter, const char *word);

/* Frees a struct lint_unit. */
void lint_unit_free(gpointer unit);

/* Takes the facts of a unit; NULL if there are none. */
void lint_unit_take(struct lint_unit *unit, const struct facts *facts);

/* checks.c: the text of a unit with questions behind it; then the answers, taken out of its errors. */
bool lint_ask(struct linter *linter, struct lint_unit *unit, GError **error);
void lint_take_errors(struct linter *linter, struct lint_unit *unit);

/* True if an error of the unit stands in that line of the file. */
bool lint_has_error_at(const struct lint_unit *unit, const char *file, unsigned line);

/* The rules. */
void lint_signatures(struct linter *linter, struct lint_unit *unit);
void lint_layouts(struct linter *linter, struct lint_unit *unit);
void lint_addresses(struct linter *linter, struct lint_unit *unit);
bool lint_symbols(struct linter *linter, struct lint_unit *unit, GError **error);
void lint_strings(struct linter *linter, struct lint_unit *unit);
void lint_stays(struct linter *linter, struct lint_unit *unit);
void lint_effects(struct linter *linter, struct lint_unit *unit);
void lint_features(struct linter *linter, struct lint_unit *unit);
void lint_config(struct linter *linter, struct lint_unit *unit);

/* effect.c: the header that comes before each unit, emit's check_begin.h. */
char *lint_check_begin_text(const struct linter *linter);

/* feature.c: reads vmlinux's features if the unit has to be asked for them, and adds the questions; takes an answer. */
bool lint_ask_features(struct linter *linter, struct lint_unit *unit, GString *text, GError **error);
void lint_take_feature(struct lint_unit *unit, unsigned line);

/* unresolved.c: opens vmlinux if it is not open yet. */
bool lint_open_vmlinux(struct linter *linter, GError **error);

/* text.c: where `word` stands in that line of a file; the line's text if it does not, as behind a macro. */
struct lint_place lint_place_of(struct linter *linter, const char *file, unsigned line, const char *word);

/* The text of a file as it was parsed; "" if it cannot be read. */
const char *lint_text(struct linter *linter, const char *file);

/* The absolute path of a file as the tree names it: where its text was read, or is to be. Caller frees. */
char *lint_path(const struct linter *linter, const char *file);

/* A text given on the command line for the file, or NULL. */
const struct source_overlay *lint_given(const struct linter *linter, const char *file);

/* finding.c: an empty result. */
struct lint_result *lint_result_new(void);

/* Adds a finding; `id` is made of file and name. The help is the rule's unless it is changed. */
struct lint_finding *lint_find(struct linter *linter, enum lint_rule rule, struct lint_place place, const char *file,
			       const char *name, const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Adds another place; takes `place` over. */
void lint_relate(struct lint_finding *finding, struct lint_place place, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds those outside of the scheduler who use a node: the first few. */
void lint_relate_users(struct linter *linter, struct lint_finding *finding, const struct graph_node *node);

/* Something could not be checked; `path` is copied. */
void lint_problem(struct linter *linter, const char *path, unsigned line, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Sorts the findings and drops those that several units gave. */
void lint_finish(struct lint_result *result);

/* A string of a unit's facts. */
static inline const char *lint_string(const struct lint_unit *unit, uint32_t index)
{
	return unit->facts->strings[index];
}

/* The unit of the module that defines a function or variable for others, or NULL. */
const struct lint_unit *lint_definer(struct linter *linter, const char *name);

/* True for a name that is vmlinux's: exported, or listed in vmlinux.symvers. */
bool lint_is_outside_name(struct linter *linter, const char *name);

/* True if a use of `to` by `from` is in the report. */
bool lint_is_known_use(struct linter *linter, const char *from, const char *to);

/* The report's record of that file and name, or NULL. */
const struct graph_record *lint_record(struct linter *linter, const char *file, const char *name);

/* The plan's entry of a function or variable of the unit's facts, or NULL. */
const struct plan_entry *lint_entry(const struct linter *linter, const struct lint_unit *unit, const struct facts_symbol *symbol);

#endif
