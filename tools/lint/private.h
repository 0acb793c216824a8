/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to tools/lint: what the stages of a run and the rules hand to each other.
 *
 * inputs.c opens the folder, the report and the kernel; units.c chooses the units and parses them;
 * checks.c appends questions to the compiler to each unit's text and reads the answers; trail.c
 * follows addresses. The rules are in signature.c, layout.c, address.c, stored.c, sections.c,
 * values.c, waits.c, unresolved.c, stays.c, effect.c, feature.c and kconfig.c; each works on the facts of one
 * unit at a time.
 *
 * A function takes what it reads as const and before what it writes; the error is last.
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

/* A question to the compiler, which is one line behind the text of a unit. */
struct lint_check {
	/*
	 * asks of a function: does it have the type in the report? of a variable: does it have the
	 * size in vmlinux?
	 */
	const struct plan_entry *entry;
	bool has_failed;
};

/* A unit, with the questions and the results. */
struct lint_unit {
	const struct tree_unit *unit;
	unsigned lines; /* of the main file, without the questions */
	/* struct lint_check: the check with index i is in line `lines` + 1 + i */
	GArray *checks;
	/* line where the questions about features begin; 0 if there are none */
	unsigned features_line;
	/* bool: has the question that many lines behind the preamble failed? */
	GArray *feature_answers;
	/* line where the questions about values begin; 0 if there are none */
	unsigned values_line;
	GArray *value_answers;     /* bool: has the question about that value failed? */
	const struct facts *facts; /* NULL if it could not be parsed at all */
	const char *failure;       /* why not; NULL if that is not known */
	GPtrArray *errors;         /* const struct source_error *: errors of its own text */
	/* name -> index + 1 of a function or variable that it defines in the scheduler's files */
	GHashTable *defined;
	GArray *flows; /* struct facts_flow: those of the facts, sorted by where they come from */
};

/* A string of a unit's facts. */
static inline const char *lint_string(const struct lint_unit *unit, uint32_t index)
{
	return unit->facts->strings[index];
}

/* --- inputs.c */

/* What a run reads. Nothing of it changes once it is open. */
struct lint_inputs {
	const struct lint_options *options; /* borrowed */
	char *folder;                       /* absolute */
	bool is_extracted;                  /* else it is a kernel's source tree */
	/* struct source_overlay *: texts of the command line, with paths and texts of their own */
	GPtrArray *given;
	struct emit_read *report;
	const struct graph *graph; /* of the report */
	struct graph_index *index; /* of the graph */
	struct plan *plan;         /* what becomes of the graph in an extraction */
	struct config *config;     /* which files are the scheduler's */
	char *scheduler;           /* the scheduler's folder in the tree: "kernel/sched" */
	struct tree *tree;         /* the kernel's; an extracted folder is its copy */
	/* struct tree_unit *: the scheduler's, with the arguments that they are checked with */
	GPtrArray *units;
	GArray *values; /* struct lint_value: those of values.h */
	/* set of names that the module may take from vmlinux: exported, or in vmlinux.symvers */
	GHashTable *outside;
};

/*
 * Opens all inputs. A unit whose file is gone becomes a problem in the result. `options` is
 * borrowed. NULL with `error` on failure. lint_inputs_free() the inputs.
 */
struct lint_inputs *lint_inputs_open(const struct lint_options *options, struct lint_result *result,
				     GError **error);

/* Accepts NULL. */
void lint_inputs_free(struct lint_inputs *inputs);

/*
 * Opens the kernel's vmlinux unless `*vmlinux` is open. False with `error` on failure. The caller
 * frees it with image_free().
 */
bool lint_open_vmlinux(const struct lint_inputs *inputs, struct image **vmlinux, GError **error);

/* The path without symlinks; the file itself need not exist. Caller frees. */
char *lint_resolve(const char *path);

/* --- lookup.c: what the report says of something in the facts of a unit */

/* The plan's entry for a function or variable of the unit's facts; NULL if there is none. */
const struct plan_entry *lint_entry(const struct plan *plan, const struct lint_unit *unit,
				    const struct facts_symbol *symbol);

/* The report's record of the same file and name; NULL if there is none. */
const struct graph_record *lint_record(const struct graph_index *index,
				       const struct lint_unit *unit,
				       const struct facts_record *record);

/*
 * True if the report has a use of the function or variable `to` by one called `from`; with `from`
 * NULL, by any.
 */
bool lint_is_known_use(const struct graph_index *index, const char *from, const char *to);

/*
 * True if the use is of an address that is put somewhere. If it is known what happens to the data
 * there, the use's kind says that.
 */
static inline bool lint_is_address(const struct facts_use *use)
{
	return use->kind == FACTS_ADDRESS ||
	       (use->slot != FACTS_NONE && use->kind != FACTS_INDIRECT &&
		use->kind != FACTS_LITERAL);
}

/* True if only the module knows the record, so that no other code reads its contents. */
bool lint_is_own_record(const struct graph_index *index, const struct lint_unit *unit,
			const struct facts_record *record);

/* True if the type names that struct: "struct rq" is no part of "struct rq_flags *". */
bool lint_names_struct(const char *type, const char *name);

/* --- text.c */

/* The number of lines of a text. */
unsigned lint_count_lines(const char *text);

/* The text that the command line gives for the file; NULL if it gives none. Borrowed. */
const struct source_overlay *lint_given(const struct lint_inputs *inputs, const char *file);

/*
 * The absolute path of a file that the tree names: where its text was or
 * will be read. Caller frees.
 */
char *lint_path(const struct lint_inputs *inputs, const char *file);

/* The texts of files without the questions. Each is read when it is needed first, and kept. */
struct lint_texts;

/* No text is read yet. `inputs` is borrowed. lint_texts_free() it. */
struct lint_texts *lint_texts_new(const struct lint_inputs *inputs);

/* Accepts NULL. */
void lint_texts_free(struct lint_texts *texts);

/* The text of a file that the tree names; "" if it cannot be read. Borrowed. */
const char *lint_text(struct lint_texts *texts, const char *file);

/*
 * Where `word` is in that line of a file. If it is not there, as when a macro made it, the whole
 * line without its indentation. The caller frees the path.
 */
struct lint_place lint_place_of(struct lint_texts *texts, const char *file, unsigned line,
				const char *word);

/* Fills in the place's columns in code points, from those in bytes. */
void lint_count_points(struct lint_texts *texts, const char *file, struct lint_place *place);

/* --- units.c */

/* The units of the module, as far as they are parsed. */
struct lint_module {
	GPtrArray *units; /* struct lint_unit *: the units to check */
	/* private */
	/* char *: the files asked for, as the tree names them; empty: all */
	GPtrArray *wanted;
	/* all units are parsed because it is not known which of them the files are part of */
	bool is_filtered;
	/* struct lint_unit *: units that are parsed only to see what they define */
	GPtrArray *others;
	GPtrArray *parsed;   /* struct source_result *: own the facts of all these units */
	GHashTable *nowhere; /* set of names that no unit of the module defines */
	/* struct source_overlay: texts that are parsed instead of files */
	GArray *overlays;
	/* char *: paths and texts of the overlays that are not of the command line */
	GPtrArray *laid;
};

/*
 * Chooses the units that the files asked for are part of. NULL with `error` if there is no such
 * file. lint_module_free() the result, before the inputs.
 */
struct lint_module *lint_choose_units(const struct lint_inputs *inputs, GError **error);

/* Accepts NULL. */
void lint_module_free(struct lint_module *module);

/*
 * Parses the units with the questions behind their texts, and takes facts, errors and answers.
 * `features` may be NULL. False with `error` if it was interrupted.
 */
bool lint_parse_units(const struct lint_inputs *inputs, const struct features *features,
		      struct lint_module *module, struct lint_texts *texts, GError **error);

/*
 * After parsing: drops units that did not read any of the files asked for. A file that no unit read
 * becomes a problem.
 */
void lint_drop_units(const struct lint_inputs *inputs, struct lint_module *module,
		     struct lint_result *result);

/*
 * The unit of the module that defines a function or variable with external linkage; NULL if none
 * does. May parse units that are not to be checked; the module keeps them. Borrowed.
 */
const struct lint_unit *lint_definer(const struct lint_inputs *inputs, const char *name,
				     struct lint_module *module, struct lint_texts *texts);

/* --- checks.c */

/*
 * Notes the questions to a unit and returns its text with them appended. `features` may be NULL.
 * Caller frees.
 */
char *lint_ask(const struct lint_inputs *inputs, const struct features *features,
	       struct lint_unit *unit, struct lint_texts *texts);

/* Takes the unit's answers and the errors of its own text out of the compiler's errors. */
void lint_take_errors(struct lint_unit *unit, struct source_result *parsed);

/* --- finding.c */

/* An empty result. */
struct lint_result *lint_result_new(void);

/*
 * Adds a finding and takes over `place`. Its id is formed from `file` and `name`. Its help is the
 * rule's; the caller may replace it.
 */
struct lint_finding *lint_find(struct lint_result *result, enum lint_rule rule,
			       struct lint_place place, const char *file, const char *name,
			       const char *format, ...) G_GNUC_PRINTF(6, 7);

/* Adds another place to a finding; takes over `place`. */
void lint_relate(struct lint_finding *finding, struct lint_place place, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/* Adds the first few uses of a node by code outside the scheduler. */
void lint_relate_users(struct lint_finding *finding, const struct graph_node *node,
		       struct lint_texts *texts);

/* Records that something could not be checked. `path` is copied. */
void lint_problem(struct lint_result *result, const char *path, unsigned line, const char *format,
		  ...) G_GNUC_PRINTF(4, 5);

/* Sorts the findings and drops duplicates that several units gave. */
void lint_finish(struct lint_result *result);

/* --- trail.c */

/* How far the address of one use was followed, and what is read on the way. */
struct lint_trail {
	const struct lint_inputs *inputs;
	const struct lint_unit *unit; /* the unit of the current step; at first the use's */
	const struct facts_use *use;
	struct lint_module *module; /* its other units may define the functions on the way */
	struct lint_texts *texts;
	char *where; /* the worst place that it reaches, in words; NULL: none */
	bool is_error;
	/* private, but for `before`: the slot that the current step comes from; NULL: none */
	const struct facts_slot *before;
	GHashTable *seen; /* const struct facts_slot * */
	GArray *todo;
};

/* Says what it means that the address arrives in a slot. False if it goes no further from there. */
typedef bool lint_arrival(struct lint_trail *trail, const struct facts_slot *slot);

/* Around all that is done with a trail. The first five members are the caller's to set before. */
void lint_trail_begin(struct lint_trail *trail);
void lint_trail_end(struct lint_trail *trail);

/* Follows the address from the slot that the use puts it into. */
void lint_trail_walk(struct lint_trail *trail, lint_arrival *arrive);

/* Follows the address into the parameter of a function that another unit of the module defines. */
void lint_trail_follow_into(struct lint_trail *trail, const struct lint_unit *unit,
			    const char *name, uint32_t index);

/* Keeps the worst place: an error before a warning, then the first. Takes `where` over. */
void lint_trail_arrive(struct lint_trail *trail, bool is_error, char *where);

/*
 * A result is followed to callers in the module; if vmlinux calls the function, the address leaves
 * the module there.
 */
void lint_trail_arrive_at_result(struct lint_trail *trail, const struct facts_symbol *function);

/*
 * True if the module defines the symbol: this unit does, or another unit of the module
 * according to the report.
 */
bool lint_trail_in_module(const struct lint_trail *trail, const struct facts_symbol *symbol);

/* The variable that directly contains the record of a member's slot; NULL if there is none. */
const struct facts_symbol *lint_trail_holder(const struct lint_trail *trail,
					     const struct facts_slot *slot);

/* True if the record of a member's slot is a local variable, a parameter or a result. */
bool lint_trail_is_on_stack(const struct lint_trail *trail, const struct facts_slot *slot);

/* "task_struct.on_rq"; for g_free(). */
char *lint_trail_member(const struct lint_trail *trail, const struct facts_member *member);

/*
 * True if the use is an argument of a call that gets no other pointer than to variables of the
 * module's own.
 */
bool lint_trail_is_among_own(const struct lint_trail *trail, const struct facts_use *use);

/*
 * The address arrived in a variable of the module's own. True, with the place noted, if the unit
 * copies what the variable holds to where it may stay.
 */
bool lint_trail_carry(struct lint_trail *trail, const struct facts_symbol *variable);

/* What a function of other code does with an address that it is handed, by keeps.def. */
enum lint_keeps {
	LINT_NOTHING,
	LINT_CONTENT, /* copies what lies there */
	LINT_ADDRESS, /* keeps it behind the call */
};
enum lint_keeps lint_keeps(const char *function);

/* --- the rules: each adds its findings about one unit to the result */

void lint_layouts(const struct lint_inputs *inputs, const struct lint_unit *unit,
		  struct lint_texts *texts, struct lint_result *result);

/* The same of data; may parse further units of the module. */
void lint_stored(const struct lint_inputs *inputs, const struct lint_unit *unit,
		 struct lint_module *module, struct lint_texts *texts, struct lint_result *result);

/* What is freed or read-only once the module is loaded. */
void lint_sections(const struct lint_inputs *inputs, const struct lint_unit *unit,
		   struct lint_texts *texts, struct lint_result *result);

void lint_waits(const struct lint_inputs *inputs, const struct lint_unit *unit,
		struct lint_texts *texts, struct lint_result *result);

void lint_stays(const struct lint_inputs *inputs, const struct lint_unit *unit,
		struct lint_texts *texts, struct lint_result *result);

/* Asks the module whether another of the units to check defines what this one has lost. */
void lint_signatures(const struct lint_inputs *inputs, const struct lint_module *module,
		     const struct lint_unit *unit, struct lint_texts *texts,
		     struct lint_result *result);

/* May parse further units of the module. */
void lint_addresses(const struct lint_inputs *inputs, const struct lint_unit *unit,
		    struct lint_module *module, struct lint_texts *texts,
		    struct lint_result *result);

/*
 * unresolved.c: may parse further units of the module, and opens vmlinux if a name has to be looked
 * up there. False with `error` if it cannot read vmlinux.
 */
bool lint_symbols(const struct lint_inputs *inputs, const struct lint_unit *unit,
		  struct lint_module *module, struct image **vmlinux, struct lint_texts *texts,
		  struct lint_result *result, GError **error);

/* The header before each unit, in the folder. */
#define LINT_CHECK_BEGIN "check_begin.h"

/* effect.c: the text of this header, which is the generator's. Caller frees. */
char *lint_check_begin_text(const struct graph *graph);

/* Takes the errors that become findings out of the unit's errors. */
void lint_effects(const struct lint_inputs *inputs, struct lint_unit *unit,
		  struct lint_texts *texts, struct lint_result *result);

/*
 * feature.c: reads vmlinux's features if the tree's have to be compared with them; else `*features`
 * stays as it is. False with `error` if it cannot read vmlinux. The caller frees them with
 * features_free(), before vmlinux.
 */
bool lint_read_features(const struct lint_inputs *inputs, struct lint_texts *texts,
			struct image **vmlinux, struct features **features, GError **error);

/* Appends the questions about the features to `text` if the unit is the one to ask. */
void lint_ask_features(const struct features *features, struct lint_unit *unit, GString *text);

/* Records that the question in that line failed. */
void lint_take_feature(struct lint_unit *unit, unsigned line);

/* `features` may be NULL. */
void lint_features(const struct lint_inputs *inputs, const struct features *features,
		   const struct lint_unit *unit, struct lint_texts *texts,
		   struct lint_result *result);

/* values.c: a row of values.h, an enumerator or macro whose value vmlinux keeps. */
struct lint_value {
	char *unit; /* the first that has it: "core" */
	char *name, *file, *holder;
	char *value; /* as C writes it; "" for a macro that is no constant */
};

/* The rows of values.h; none in a kernel's tree. Caller unrefs. */
GArray *lint_read_values(const struct lint_inputs *inputs);

/* Appends the questions about the values to `text`. */
void lint_ask_values(const GArray *values, struct lint_unit *unit, GString *text);

/* True if the line is one of these questions; notes whether it failed. */
bool lint_take_value(struct lint_unit *unit, unsigned line, bool has_failed);

void lint_values(const struct lint_inputs *inputs, const GArray *values,
		 const struct lint_unit *unit, struct lint_texts *texts,
		 struct lint_result *result);

/* kconfig.c: the CONFIG_ symbols that exist. They are read when they are needed first, and kept. */
struct lint_kconfig;

/* No symbol is read yet. lint_kconfig_free() it. */
struct lint_kconfig *lint_kconfig_new(void);

/* Accepts NULL. */
void lint_kconfig_free(struct lint_kconfig *kconfig);

void lint_config(const struct lint_inputs *inputs, const struct lint_unit *unit,
		 struct lint_kconfig *kconfig, struct lint_texts *texts,
		 struct lint_result *result);

#endif
