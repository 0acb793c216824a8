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
#include "rewriter/source/ctext.h"

#include <clang-c/Index.h>

/* A macro use that is not inside another one. */
struct expansion {
	unsigned begin, end;
	const char *name;
};

struct source_file {
	const char *name;       /* relative to the tree */
	struct edit_file *file; /* NULL if it is not one of the scheduler's files */
	struct ctext text;      /* only of the scheduler's files */
	GArray *expansions;     /* struct expansion, sorted by place */
};

/* A place in a file. `file` is NULL if the file is not one of the scheduler's. */
struct source_place {
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

/* A unit while it is being rewritten. */
struct rewriting {
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
	GHashTable
		*results; /* struct plan_entry *: functions whose returned strings were treated */
	GHashTable *replaced; /* struct expansion *: macro uses that a declaration has replaced */
	GHashTable *macros;   /* char *: struct macro *, of the scheduler's files; see value.c */
	GStringChunk *strings;
	char *fault; /* the first fault, "FILE:LINE: what"; NULL if there is none */
};

/*
 * Where a location stands in the text: for a macro argument, where the argument is written; for
 * other macro text, where the macro is used.
 */
struct source_place rewrite_locate(struct rewriting *unit, CXSourceLocation location);

/*
 * The range of a cursor's text. Both ends must be in one file of the scheduler, which `*file` gets;
 * else false.
 */
bool rewrite_range(struct rewriting *unit, CXCursor cursor, struct source_file **file,
		   unsigned *begin, unsigned *end);

/* The outermost macro use that covers the offset; NULL if there is none. */
const struct expansion *rewrite_expansion(const struct source_file *file, unsigned offset);

/* Copies a string for the lifetime of the unit and disposes of the CXString. */
const char *rewrite_take(struct rewriting *unit, CXString string);

/* The line of an offset, from 1. */
unsigned rewrite_line(const struct source_file *file, unsigned offset);

/* Adds an edit. `what` says what it is about. */
void rewrite_edit(struct rewriting *unit, struct source_file *file, enum edit_kind kind,
		  unsigned begin, unsigned end, const char *text, const char *what);

/* Records a fault as "FILE:LINE: MESSAGE", unless the unit already has one. */
void rewrite_fail(struct rewriting *unit, const struct source_file *file, unsigned offset,
		  const char *format, ...) G_GNUC_PRINTF(4, 5);

/* What an edit says about an entry: "do_idle: thread". Lives as long as the unit. */
const char *rewrite_what(struct rewriting *unit, const struct plan_entry *entry);

/* What plan_variable_name() gives. Lives as long as the unit. */
const char *rewrite_variable_name(struct rewriting *unit, const struct plan_entry *entry);

/*
 * The plan for the variable that a cursor declares; NULL if it is not the scheduler's. `owner` is
 * the function of a static local, or "".
 */
struct plan_entry *rewrite_variable_entry(struct rewriting *unit, CXCursor variable,
					  const char *owner);

/*
 * An extern declaration for any type that libclang spelled: "extern typeof(int [3]) x;". `label`
 * may be NULL. Caller frees.
 */
char *rewrite_extern(const char *type, const char *name, const char *label);

/* True if the declared name itself stands at `place`, rather than a macro that makes it up. */
bool rewrite_is_spelled(const struct source_place *place, const char *name);

/*
 * The plan for the function that a cursor declares or refers to; NULL if it is not the scheduler's.
 */
struct plan_entry *rewrite_function_entry(struct rewriting *unit, CXCursor function);

/* Applies the plan to one declaration at file scope, or to a static local of `owner`. */
void rewrite_function(struct rewriting *unit, CXCursor function);
void rewrite_variable(struct rewriting *unit, CXCursor variable, const char *owner);

/* Adds, above a definition, the comment that says what may not change. */
void rewrite_mark_function(struct rewriting *unit, struct source_file *file, unsigned begin,
			   const struct plan_entry *entry);

/*
 * Definitions made by macros: rewrite_add_to_group() collects them, and rewrite_groups() turns each
 * group into edits.
 */
void rewrite_add_to_group(struct rewriting *unit, struct source_file *file,
			  const struct expansion *expansion, struct plan_entry *entry,
			  CXCursor definition);
void rewrite_groups(struct rewriting *unit);

/* Searches a function whose text stays, or the initialiser of a variable. */
void rewrite_body(struct rewriting *unit, CXCursor definition, const char *owner);

/*
 * Rewrites strings whose addresses an initialiser list, or an assignment in a function, stores in
 * memory that outlives the module.
 */
void rewrite_literals_in_list(struct rewriting *unit, CXCursor list);
void rewrite_literals_in_assignment(struct rewriting *unit, CXCursor assignment);
void rewrite_literals_in_call(struct rewriting *unit, CXCursor call);

/*
 * Note what vmlinux keeps (value.c): a macro's definition, for the functions behind it; an
 * enumeration; the values in a function that stays.
 */
void rewrite_note_macro(struct rewriting *unit, CXCursor definition);
void rewrite_note_enum(struct rewriting *unit, CXCursor definition);
void rewrite_note_values(struct rewriting *unit, CXCursor definition,
			 const struct plan_entry *entry);

/* How the uses of a macro between functions are treated; see statements.def. */
enum treatment {
	TREAT_NOT,
	TREAT_GOES,
	TREAT_FOLLOWS,
	TREAT_METADATA
};
enum treatment rewrite_statement_treatment(const char *macro);

/* Removes the macro uses in all files that statements.def says to remove. */
void rewrite_statements(struct rewriting *unit);

#endif
