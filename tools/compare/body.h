/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A function as lines: instructions with their numbers taken out, and what each number leads to.
 *
 * In the module a number's relocation says what it means. In vmlinux there is only the number
 * itself; its meaning becomes known when it is compared with a number of the module (target.h).
 */
#ifndef PLUGSCHED_COMPARE_BODY_H
#define PLUGSCHED_COMPARE_BODY_H

#include "base/decode/decode.h"
#include "tools/compare/side.h"

#define BODY_ERROR body_error_quark()
GQuark body_error_quark(void);

enum body_error {
	BODY_ERROR_RELOCATION, /* of an unknown type, or not at a number */
};

struct target {
	enum target_kind {
		TARGET_NUMBER, /* the plain number `value` */
		TARGET_NAME,   /* the undefined symbol `name`, plus `value` */
		/* `value` in `section`; also `symbol` plus `offset` if a symbol named it */
		TARGET_PLACE,
	} kind;
	uint64_t value;
	const char *name;
	uint32_t section;
	const struct image_symbol *symbol; /* NULL if anonymous */
	int64_t offset;                    /* from `symbol` to `value` */
};

struct body_line {
	const struct instruction *instruction;
	/*
	 * the text with @0, @1 in place of the numbers; interned, so equal
	 * shapes are equal pointers
	 */
	const char *shape;
	struct target targets[INSTRUCTION_FIELDS_MAX];
};

struct body {
	struct side *side;
	const struct image_symbol *symbol;
	GArray *instructions; /* struct instruction */
	GArray *lines;        /* struct body_line, one for each instruction */
};

/*
 * Reads a function. NULL with an error that names the function and the instruction.
 * Free it with body_free().
 */
struct body *body_new(struct side *side, const struct image_symbol *symbol, GError **error);

/* Accepts NULL. */
void body_free(struct body *body);

/* The line of that index. */
const struct body_line *body_line(const struct body *body, guint index);

/* The index of the line at an address; -1 if no line begins there. */
int body_index(const struct body *body, uint32_t section, uint64_t address);

/* The text with names in place of numbers: "callq schedule+0x10". Caller frees. */
char *body_text(const struct body *body, guint index);

/*
 * The name of the function or variable that a number leads to; NULL if it leads to none. `offset`
 * gets the distance from it and may be NULL. Borrowed.
 */
const char *target_name(const struct body *body, const struct body_line *line, guint number,
			int64_t *offset);

#endif
