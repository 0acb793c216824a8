/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to analyzer/select: the state of reading the words of a file. words.c goes over the text,
 * declared.c finds out what is declared and what is listed.
 */
#ifndef PLUGSCHED_SELECT_SCAN_H
#define PLUGSCHED_SELECT_SCAN_H

#include "analyzer/select/words.h"

#define MAX_DEPTH 16

struct words_scan {
	struct words *words;
	struct word_file *file;
	const char *at, *end;
	char previous, before; /* last non-blank character, and the one before it */
	unsigned braces, parens;
	GArray *owners;     /* names followed by ( at the top level in this declaration */
	uint32_t macro;     /* name of the macro whose #define is being read; 0: none */
	GArray *parameters; /* uint32_t: its parameters */
	bool after_struct;  /* the last word was struct or union */
	bool after_typedef; /* a typedef was begun */
	bool after_sizeof;  /* the last word was sizeof or the like, with only ( and * behind it */
	bool at_start;      /* a declaration may begin here */
	/* while a #define is read: what was before it */
	bool saved_start;
	char saved_previous, saved_before;
	/* `struct TAG`, or the name of a type, that a declared name may follow; 0: none */
	uint32_t tag;
	bool is_tag;       /* it is one, not the name of a type */
	bool is_pointer;   /* a * stands between the two */
	uint32_t declared; /* the tag or type of the name that was declared last; 0: none */
	bool is_declared_tag;
	uint32_t last;               /* the last word */
	char last_before;            /* the character before it */
	char path_sign, path_before; /* the two characters before x in x->y.z */
	unsigned bytes; /* while in the arguments of memcpy() and the like: their parentheses + 1 */
	bool macro_bytes;      /* the macro's text has such a call */
	struct word_fill fill; /* the list that is read; type 0: none */
	unsigned fill_braces;  /* depth of its braces; 0: they are to come next */
	bool is_filled;        /* it was added */
	/* by depth of braces: tag of the struct that the braces belong to, 0 if none */
	uint32_t enclosing[MAX_DEPTH];
};

/* The next text that is not blank. */
const char *words_next(const struct words_scan *scan);

/* True if the word is in the list, which ends with NULL. */
bool words_is_one_of(const char *word, size_t length, const char *const *words);

/*
 * Notes a declaration `struct TAG * __attribute name` or `type * name`. `text` is the spelling of
 * `word`, the word just read.
 */
void words_declaration(struct words_scan *scan, const char *text, size_t length, uint32_t word);

/* Notes a macro that stands for a type: its text is one, or another name for one. */
void words_alias(struct words_scan *scan, const char *text, size_t length, uint32_t word);

/*
 * Take a character outside of macros: for lists of values without names, for the nesting of braces
 * and parentheses, and for where declarations may begin.
 */
void words_fill(struct words_scan *scan, char c);
void words_nesting(struct words_scan *scan, char c);
void words_start(struct words_scan *scan, char c);

#endif
