/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of C files, found without parsing: which identifiers stand where.
 */
#ifndef PLUGSCHED_WORDS_H
#define PLUGSCHED_WORDS_H

#include "analyzer/tree/tree.h"

#include <stdint.h>

/* An identifier at one place in a file. */
struct word_use {
	/* number of the identifier */
	uint32_t word;
	/* number of the macro or function whose body or parameters it is in; 0: none */
	uint32_t owner;
	uint8_t is_member : 1;   /* is where a member's name can be: after . -> , ( or # */
	uint8_t is_accessed : 1; /* is after . or -> */
	/* is after . or ->, and its value may be read: it is not only assigned to */
	uint8_t may_read : 1;
	/* what it points to is handled as a whole: `*x`, or an argument of memcpy() and the like */
	uint8_t is_whole : 1;
	uint8_t is_object : 1; /* its own value is handled as a whole: `x = y`, `f(x)` */
};

/*
 * `struct TAG ... NAME` that declares a member, variable or function outside all function bodies
 * and parameter lists. The fields are numbers of identifiers.
 */
struct word_declaration {
	uint32_t tag;
	uint32_t name;
	uint32_t enclosing; /* tag of the struct that it is a member of; 0: none */
	bool is_value;      /* it is one, or an array or function of such, not a pointer to one */
};

/* `struct TAG NAME` or `TYPE NAME` in a function: a local variable or parameter. */
struct word_local {
	uint32_t type; /* tag, or the name that stands for the type */
	uint32_t name;
	uint32_t owner; /* function */
	bool is_tag;
	bool is_value;
};

/* A name that stands for a type: a typedef, or a macro whose text is a type. */
struct word_alias {
	uint32_t type; /* tag, or another such name */
	uint32_t name;
	bool is_tag;
};

/* An initialiser list for a type in which a value has no name in front of it. */
struct word_fill {
	uint32_t type;  /* tag, or the name that stands for the type */
	uint32_t owner; /* function that it is in; 0: none */
	bool is_tag;
};

struct word_file {
	char *path;           /* as tree_path() gives it */
	guint64 size;         /* bytes; 0 if there was no such file when it was read */
	gint64 modified;      /* time of modification, ns; 0 likewise */
	GArray *uses;         /* struct word_use, in order */
	GArray *declarations; /* struct word_declaration, in order */
	/* struct word_declaration whose tag is another name: `TYPE NAME` */
	GArray *typed;
	GArray *locals;    /* struct word_local */
	GArray *aliases;   /* struct word_alias */
	GArray *fills;     /* struct word_fill */
	GArray *macros;    /* uint32_t: names that it defines as macros */
	GPtrArray *quoted; /* char *: names included by quotes */
	GPtrArray *angled; /* char *: names included in angle brackets */
};

struct words {
	const struct tree *tree;
	GHashTable *ids; /* identifier -> number, from 1 */
	GStringChunk *strings;
	GHashTable *files; /* path -> struct word_file * */
};

/* An empty collection of words. It borrows the tree. words_free() it. */
struct words *words_new(const struct tree *tree);

/* Frees it. Accepts NULL. */
void words_free(struct words *words);

/* The number of an identifier; a new one gets a new number. Only the first 255 characters count. */
uint32_t words_id(struct words *words, const char *identifier, size_t length);

/*
 * The words of a file, which is read only once. Never NULL; a file that does not exist has no
 * words. `words` owns it.
 */
struct word_file *words_file(struct words *words, const char *path);

/* Size (bytes) and time of modification (ns) of a file; both 0 if there is no such file. */
void words_stat(const struct tree *tree, const char *path, guint64 *size, gint64 *modified);

#endif
