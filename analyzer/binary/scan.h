/* SPDX-License-Identifier: GPL-2.0-only */
/* What the walk (dwarf.c) shares with those it feeds: functions.c and variables.c. */
#ifndef PLUGSCHED_BINARY_SCAN_H
#define PLUGSCHED_BINARY_SCAN_H

#include <elfutils/libdw.h>

#include "analyzer/binary/internal.h"

struct scan {
	struct binary *binary;
	const struct binary_state *state;
	GArray *pieces;        /* the state's */
	GHashTable *functions; /* offset of the root entry -> struct binary_function */
	GHashTable *variables; /* likewise -> struct binary_variable */
	GPtrArray *strays;     /* global functions of the unit, not inline, no entry of whose code has a symbol */
	GHashTable *paths;     /* path as libdw holds it -> interned path in the tree */
	const char *unit;      /* being scanned, relative to the tree */
	const char *root;      /* its DW_AT_comp_dir, may be NULL */
	bool is_damaged;
};

/* The entry that all entries of one function or variable lead to, and the key that stands for it. */
void scan_root(Dwarf_Die *die, Dwarf_Die *root);
gpointer scan_key(Dwarf_Die *die);

/* Where an entry is declared. */
const char *scan_file(struct scan *scan, Dwarf_Die *die);
unsigned scan_line(Dwarf_Die *die);

/* The function an entry belongs to; NULL if it has no name or is only declared. */
struct binary_function *scan_function_of(struct scan *scan, Dwarf_Die *die);

/* Joins the code of an entry with the symbols; false if it has no code, as an abstract one. */
bool scan_code(struct scan *scan, struct binary_function *function, Dwarf_Die *die);

/* Notes that `caller` holds a copy of the function; does nothing without a caller. */
void scan_inline(struct scan *scan, Dwarf_Die *die, const struct binary_function *caller);

/* Settles what the walk of a unit left open; `first` is the index of the unit's first function. */
void scan_finish(struct scan *scan, Dwarf_Die *unit, guint first);

/* A variable at file scope, and one within a function. */
void scan_global(struct scan *scan, Dwarf_Die *die);
void scan_local(struct scan *scan, Dwarf_Die *die);

/* ".isra.0" of "NAME.isra.0"; NULL if the symbol is not derived from the name. */
const char *scan_suffix(const char *symbol, const char *name);

#endif
