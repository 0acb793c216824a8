/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function as lines: instructions whose numbers are taken out, with what each number leads to.
 *
 * In the module a number is what its relocation says. In vmlinux it is the number itself: what it means is only known
 * once there is a number of the module's to hold it against (target.h).
 */
#ifndef PLUGSCHED_COMPARE_BODY_H
#define PLUGSCHED_COMPARE_BODY_H

#include "base/decode/decode.h"
#include "tools/compare/side.h"

#define BODY_ERROR body_error_quark()
GQuark body_error_quark(void);

enum body_error {
	BODY_ERROR_RELOCATION, /* one of a type that is not known, or at no number */
};

struct target {
	enum target_kind {
		TARGET_NUMBER, /* `value` */
		TARGET_NAME,   /* undefined `name`, plus `value` */
		TARGET_PLACE,  /* `value` in `section`; `symbol` plus `offset` if it was named so */
	} kind;
	uint64_t value;
	const char *name;
	uint32_t section;
	const struct image_symbol *symbol; /* NULL: anonymous */
	int64_t offset;                   /* of `value` from `symbol` */
};

struct line {
	const struct instruction *instruction;
	const char *shape; /* its text with @0, @1 for the numbers; interned, so equal shapes are equal pointers */
	struct target targets[INSTRUCTION_FIELDS_MAX];
};

struct body {
	struct side *side;
	const struct image_symbol *symbol;
	GArray *instructions; /* struct instruction */
	GArray *lines;        /* struct line, one for each */
};

/* Reads a function; NULL with an error that names function and instruction. */
struct body *body_new(struct side *side, const struct image_symbol *symbol, GError **error);

/* Accepts NULL. */
void body_free(struct body *body);

const struct line *body_line(const struct body *body, guint index);

/* The line at an address, -1 if none begins there. */
int body_index(const struct body *body, uint32_t section, uint64_t address);

/* "callq schedule+0x10": the text with names. Caller frees. */
char *body_text(const struct body *body, guint index);

/* Name of the function or variable that a number leads to; NULL if it is none. `offset` may be NULL. Borrowed. */
const char *target_name(const struct body *body, const struct line *line, guint field, int64_t *offset);

#endif
