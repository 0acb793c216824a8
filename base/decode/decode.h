/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions of an ELF file, as text and with the numbers in them.
 *
 *	GArray *body = decode_symbol(image, symbol, NULL, NULL, &error);
 */
#ifndef PLUGSCHED_BASE_DECODE_H
#define PLUGSCHED_BASE_DECODE_H

#include "base/elf/image.h"

/* A number within an instruction: displacement or immediate. */
struct instruction_field {
	uint8_t offset, size; /* within the instruction, bytes */
	bool is_relative;     /* counts from the instruction's end */
	bool is_branch;       /* the target of a jump or call; is_relative as well */
	uint64_t value;       /* the address that a relative one leads to, else the number, sign extended */
};

#define INSTRUCTION_FIELDS_MAX 3

struct instruction {
	uint64_t address;
	const uint8_t *bytes; /* the image's */
	char *text;           /* AT&T, "movq %rsp, %rbp"; freed with the array */
	uint8_t length;       /* prefixes included */
	uint8_t field_count;
	struct instruction_field fields[INSTRUCTION_FIELDS_MAX];
};

/* Name for a number in an instruction's text, to be freed; NULL leaves the number. `text` is not yet there. */
typedef char *(*decode_namer)(const struct instruction *instruction, const struct instruction_field *field, void *data);

/*
 * Decodes a range into struct instruction; g_array_unref() it. Bytes that are no instruction become ".byte".
 * Without a namer jumps show the address they lead to, all else the number. Fails with IMAGE_ERROR_RANGE alone.
 */
GArray *decode_range(const struct image *image, uint32_t section, uint64_t address, uint64_t size, decode_namer namer,
		     void *data, GError **error);

/* The same for all of a symbol. */
GArray *decode_symbol(const struct image *image, const struct image_symbol *symbol, decode_namer namer, void *data,
		      GError **error);

#endif
