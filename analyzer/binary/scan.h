/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the walk through the DWARF (dwarf.c) shares with functions.c and variables.c, which it
 * calls.
 */
#ifndef PLUGSCHED_BINARY_SCAN_H
#define PLUGSCHED_BINARY_SCAN_H

#include <elfutils/libdw.h>

#include "analyzer/binary/internal.h"

struct scan {
	struct binary *binary;
	const struct binary_state *state;
	GArray *pieces;        /* the one in `state` */
	GHashTable *functions; /* offset of the root entry -> struct binary_function */
	GHashTable *variables; /* likewise -> struct binary_variable */
	/* struct binary_function *: global functions of the unit that have no symbol at an entry */
	GPtrArray *strays;
	GArray *alike; /* struct alike: clones of the unit's functions that are called as these */
	GHashTable *paths;            /* path as libdw holds it -> interned path in the tree */
	const char *unit;             /* name of the unit being scanned, relative to the tree */
	struct unit_paths unit_paths; /* of that unit */
	bool has_ipa_ra;              /* see struct binary_function; of that unit */
	bool is_damaged;              /* some DWARF cannot be read, or scopes nest too deeply */
	bool is_split;                /* a unit's debug information is in a .dwo file */
	/* the first unit that another compiler than gcc has compiled, and its name; NULL if none */
	const char *foreign_unit, *foreign_compiler;
};

/* A clone that is called as the source says. */
struct alike {
	struct binary_function *function;
	const struct image_symbol *symbol;
};

/* Finds the entry (`root`) that all entries of one function or variable lead to. */
void scan_root(Dwarf_Die *die, Dwarf_Die *root);
/* The key of an entry in scan.functions and scan.variables. Give it a root. */
gpointer scan_key(Dwarf_Die *die);

/*
 * The file and line that declare an entry. The file is named as in struct binary_function; the line
 * is 0 if unknown.
 */
const char *scan_file(struct scan *scan, Dwarf_Die *die);
unsigned scan_line(Dwarf_Die *die);

/* The function that an entry belongs to, made if need be; NULL without a name or definition. */
struct binary_function *scan_function_of(struct scan *scan, Dwarf_Die *die);

/* Joins the code of an entry with the symbols. False if it has no code, as an abstract entry. */
bool scan_code(struct scan *scan, struct binary_function *function, Dwarf_Die *die);

/*
 * True if a clone, NAME with `suffix`, which `clone` describes and which begins at `entry`, is called
 * as the source says, but for a result that it may not give.
 */
bool scan_keeps_convention(Dwarf_Die *clone, const char *suffix, uint64_t entry);

/* Notes that `caller` (may be NULL: nothing happens) holds an inlined copy of the function. */
void scan_inline(struct scan *scan, Dwarf_Die *die, const struct binary_function *caller);

/*
 * Settles what the walk of a unit left open: symbols that no entry claimed, overridden functions,
 * cold parts. `first` is the index of the unit's first function.
 */
void scan_finish(struct scan *scan, Dwarf_Die *unit, guint first);

/* Note a variable at file scope, and one within a function. */
void scan_global(struct scan *scan, Dwarf_Die *die);
void scan_local(struct scan *scan, Dwarf_Die *die);

/*
 * The part of `symbol` after `name`, from the dot on: ".isra.0" of "NAME.isra.0". NULL if the
 * symbol is not derived from the name.
 */
const char *scan_suffix(const char *symbol, const char *name);

#endif
