/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions of an ELF file, as text and with the numbers in them.
 *
 *   GArray *body = decode_symbol(image, symbol, NULL, NULL, &error);
 */
#ifndef PLUGSCHED_BASE_DECODE_H
#define PLUGSCHED_BASE_DECODE_H

#include "base/elf/image.h"

/* A number within an instruction: displacement or immediate. */
struct instruction_field {
	uint8_t offset, size; /* within the instruction, bytes */
	bool is_relative;     /* relative to the end of the instruction */
	bool is_branch;       /* target of a jump or call; then is_relative is set too */
	uint64_t value;       /* address that a relative one leads to; else the number, signed */
};

#define INSTRUCTION_FIELDS_MAX 3

struct instruction {
	uint64_t address;
	const uint8_t *bytes; /* the image owns them */
	char *text;           /* AT&T syntax, "movq %rsp, %rbp"; freed with the array */
	uint8_t length;       /* bytes, prefixes included */
	uint8_t field_count;
	struct instruction_field fields[INSTRUCTION_FIELDS_MAX];
};

/*
 * Gives a name that replaces a number in an instruction's text; NULL leaves the number. The decoder
 * frees the name. `instruction->text` is not set yet.
 */
typedef char *(*decode_namer)(const struct instruction *instruction,
			      const struct instruction_field *field, void *data);

/*
 * Decodes a range into an array of struct instruction; g_array_unref() it. A byte that does not
 * begin an instruction becomes ".byte". `namer` may be NULL; then jumps and calls show the address
 * that they lead to, and all other fields the number. The only error is IMAGE_ERROR_RANGE.
 */
GArray *decode_range(const struct image *image, uint32_t section, uint64_t address, uint64_t size,
		     decode_namer namer, void *data, GError **error);

/* The same for the whole range of a symbol. */
GArray *decode_symbol(const struct image *image, const struct image_symbol *symbol,
		      decode_namer namer, void *data, GError **error);

#endif
