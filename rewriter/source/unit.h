/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to rewriter/source: a unit while it is being rewritten.
 *
 * unit.c parses and dispatches; function.c and variable.c turn definitions into edits; group.c does
 * so for definitions that macros make; statement.c treats macro uses between functions; body.c
 * searches the text that stays; literal.c treats the strings in it.
 */
#ifndef PLUGSCHED_REWRITER_UNIT_H
#define PLUGSCHED_REWRITER_UNIT_H

#include "rewriter/source/source.h"
#include "rewriter/source/text.h"

#include <clang-c/Index.h>

/* A macro use that is not inside another one. */
struct expansion {
	unsigned begin, end;
	const char *name;
};

struct source_file {
	const char *name;       /* relative to the tree */
	struct edit_file *file; /* NULL if it is not one of the scheduler's files */
	struct text text;       /* only of the scheduler's files */
	GArray *expansions;     /* struct expansion, sorted by place */
};

/* A place in a file. `file` is NULL if the file is not one of the scheduler's. */
struct place {
	struct source_file *file;
	unsigned offset;
};

/* The definitions that one macro use makes, whose names do not appear in the text. */
struct group {
	struct source_file *file;
	const struct expansion *expansion;
	unsigned begin, end;
	GPtrArray *entries; /* struct plan_entry * */
	GPtrArray *types;   /* char *: the type of each entry */
};

struct unit {
	const struct rewrite *rewrite;
	struct rewrite_unit *result;
	CXTranslationUnit tu;
	GHashTable *files;      /* CXFile: struct source_file * */
	GHashTable *groups;     /* struct expansion *: struct group * */
	GPtrArray *group_order; /* struct group * */
	/*
	 * char *: struct plan_entry *, FILE:OFFSET of a statement: the first variable that it
	 * defines
	 */
	GHashTable *statements;
	GHashTable *replaced; /* struct expansion *: macro uses that a declaration has replaced */
	GStringChunk *strings;
	char *fault; /* the first fault, "FILE:LINE: what"; NULL if there is none */
};

/*
 * Where a location stands in the text: for a macro argument, where the argument is written; for
 * other macro text, where the macro is used.
 */
struct place unit_place(struct unit *unit, CXSourceLocation location);

/*
 * The range of a cursor's text. Both ends must be in one file of the scheduler, which `*file` gets;
 * else false.
 */
bool unit_range(struct unit *unit, CXCursor cursor, struct source_file **file, unsigned *begin,
		unsigned *end);

/* The outermost macro use that covers the offset; NULL if there is none. */
const struct expansion *unit_expansion(const struct source_file *file, unsigned offset);

/* Copies a string for the lifetime of the unit and disposes of the CXString. */
const char *unit_take(struct unit *unit, CXString string);

/* The line of an offset, from 1. */
unsigned unit_line(const struct source_file *file, unsigned offset);

/* Adds an edit. `what` says what it is about. */
void unit_edit(struct unit *unit, struct source_file *file, enum edit_kind kind, unsigned begin,
	       unsigned end, const char *text, const char *what);

/* Records a fault as "FILE:LINE: MESSAGE", unless the unit already has one. */
void unit_fail(struct unit *unit, const struct source_file *file, unsigned offset,
	       const char *format, ...) G_GNUC_PRINTF(4, 5);

/* What an edit says about an entry: "do_idle: thread". Lives as long as the unit. */
const char *unit_what(struct unit *unit, const struct plan_entry *entry);

/*
 * The name that the module's source uses for a variable of vmlinux: its own name, or OWNER__NAME
 * for a static local, because in C two extern declarations of one name mean one variable, wherever
 * they stand. Lives as long as the unit.
 */
const char *unit_variable_name(struct unit *unit, const struct plan_entry *entry);

/*
 * The plan for the variable that a cursor declares; NULL if it is not the scheduler's. `owner` is
 * the function of a static local, or "".
 */
struct plan_entry *unit_variable_entry(struct unit *unit, CXCursor variable, const char *owner);

/*
 * An extern declaration for any type that libclang spelled: "extern typeof(int [3]) x;". `label`
 * may be NULL. Caller frees.
 */
char *unit_extern(const char *type, const char *name, const char *label);

/* True if the declared name itself stands at `place`, rather than a macro that makes it up. */
bool unit_is_spelled(const struct place *place, const char *name);

/*
 * The plan for the function that a cursor declares or refers to; NULL if it is not the scheduler's.
 */
struct plan_entry *unit_function_entry(struct unit *unit, CXCursor function);

/* Applies the plan to one declaration at file scope, or to a static local of `owner`. */
void function_rewrite(struct unit *unit, CXCursor function);
void variable_rewrite(struct unit *unit, CXCursor variable, const char *owner);

/* Adds, above a definition, the comment that says what may not change. */
void function_mark(struct unit *unit, struct source_file *file, unsigned begin,
		   const struct plan_entry *entry);

/*
 * Definitions made by macros: group_add() collects them, and groups_finish() turns each group into
 * edits.
 */
void group_add(struct unit *unit, struct source_file *file, const struct expansion *expansion,
	       struct plan_entry *entry, CXCursor definition);
void groups_finish(struct unit *unit);

/* Searches a function whose text stays, or the initialiser of a variable. */
void body_visit(struct unit *unit, CXCursor definition, const char *owner);

/*
 * Rewrites strings whose addresses an initialiser list, or an assignment in a function, stores in
 * memory that outlives the module.
 */
void literals_in_list(struct unit *unit, CXCursor list);
void literals_in_assignment(struct unit *unit, CXCursor assignment);

/* How the uses of a macro between functions are treated; see statements.def. */
enum treatment {
	TREAT_NOT,
	TREAT_GOES,
	TREAT_FOLLOWS,
	TREAT_METADATA
};
enum treatment statement_treatment(const char *macro);

/* Removes the macro uses in all files that statements.def says to remove. */
void statements_finish(struct unit *unit);

#endif
