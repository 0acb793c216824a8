/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rewrites the scheduler's units with libclang: a plan becomes edits at exact places.
 *
 * Method: parse each unit as the kernel compiled it, with the record of its macro uses. Apply the
 * plan to every definition in a scheduler file, and search the text that stays for addresses of
 * functions, static locals and the switch of stacks. Nothing else is touched: neither code that
 * this configuration leaves out nor headers of the kernel.
 */
#ifndef PLUGSCHED_REWRITER_SOURCE_H
#define PLUGSCHED_REWRITER_SOURCE_H

#include "analyzer/config/config.h"
#include "analyzer/tree/tree.h"
#include "base/elf/image.h"
#include "rewriter/edit/edit.h"
#include "rewriter/plan/plan.h"

#define REWRITE_ERROR g_quark_from_static_string("rewrite-error-quark")

/*
 * The prefix of a function of the module whose plain name stands for vmlinux's function in the unit
 * that defines it.
 */
#define REWRITE_RENAME "__module_"

/* The prefix of the module's objects that are copied into vmlinux's scheduling classes. */
#define REWRITE_CLASS "plugsched_"

/* What rewrite_units() works on. All of it is borrowed. */
struct rewrite {
	struct plan *plan; /* the rewriter sets is_foreign_address in it */
	const struct tree *tree;
	const struct image *vmlinux; /* read for the strings that it has */
	const struct config *config; /* which files are the scheduler's */
	struct edits *edits;         /* receives the edits */
	const volatile int *stop;    /* set to stop early; may be NULL */
};

/* Where a definition that stays in the module begins. */
struct rewrite_place {
	struct plan_entry *entry;
	struct edit_file *file;
	unsigned begin;
};

/* An enumerator or macro of the scheduler's files whose value vmlinux keeps. */
struct rewrite_value {
	char *name, *file;
	char *holder; /* what has it: "f() in FILE", "the variable x" */
	char *value;  /* as C writes it; NULL for a macro that is no constant */
	bool is_macro;
};

/* What is known of a unit after it was rewritten. */
struct rewrite_unit {
	const struct tree_unit *unit;
	/*
	 * struct plan_entry *: functions and classes whose definitions stay in it, in source order
	 */
	GPtrArray *defined;
	GArray *places; /* struct rewrite_place: of the functions in `defined` */
	/* struct plan_entry *: vmlinux's variables that it declares at file scope */
	GPtrArray *declared;
	/* struct plan_entry *: those that its functions declare in place of static locals */
	GPtrArray *locals;
	/* struct plan_entry *: vmlinux's functions whose definitions here became prototypes */
	GPtrArray *prototypes;
	GPtrArray *values; /* struct rewrite_value * */
	/*
	 * char *: char *, the name of each struct and union visible in it: the type as C writes it
	 */
	GHashTable *records;
	GHashTable *included; /* char *: the scheduler's files that it includes, and itself */
};

/*
 * Rewrites units (const struct tree_unit *) in up to `threads` threads and calls edits_finish().
 * Returns a struct rewrite_unit * for each, in the same order; caller unrefs. NULL with `error` if
 * a unit does not parse, does not match the report, or holds something that cannot be rewritten;
 * the message names file and line.
 */
GPtrArray *rewrite_units(const struct rewrite *rewrite, const GPtrArray *units, unsigned threads,
			 GError **error);

#endif
