// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds what may run instead of the instructions in vmlinux, from the tables of the
 * kernel's own code patching.
 *
 * A jump label is either a nop or a jump, and both ways are followed. An alternative replaces
 * instructions by others, and an exception entry leads elsewhere when an instruction faults: if
 * either touches the tail, it is refused. The layouts of these two tables change between kernels,
 * so the tables are not parsed. Instead, any two consecutive numbers of which the first leads to
 * the tail and the second to code are taken for an entry.
 *
 * These kinds of patching are harmless: static calls and paravirt calls, which stay calls or become
 * something with fewer effects; retpolines, return thunks and call thunks, which reach the same
 * target in another way; lock prefixes.
 */
#include "rewriter/springboard/internal.h"

#include <string.h>

#define NUMBER_SIZE 4
#define LABEL_SIZE 16 /* code and target, each relative to its own place, then a key of 8 bytes */

struct patches_table {
	uint64_t address, size;
	const uint8_t *bytes;
};

static const struct patched {
	const char *start, *end;
	unsigned step; /* alignment of an entry in bytes */
	const char *why;
} patched[] = {
	{ "__alt_instructions", "__alt_instructions_end", 1,
	  "is replaced at boot on some machines (alternatives)" },
	{ "__start___ex_table", "__stop___ex_table", NUMBER_SIZE,
	  "may fault and go on elsewhere (exception table)" },
};

/* The bytes between two symbols. The size is 0 if this vmlinux has no such table. */
static bool open_table(const struct image *code, const char *start, const char *end,
		       struct patches_table *table, GError **error)
{
	const struct image_symbol *first = image_find(code, start), *last = image_find(code, end);
	const struct image_section *section;

	*table = (struct patches_table){ 0 };
	if (!first && !last)
		return true;
	if (!first || !last || last->address < first->address) {
		g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_INPUT,
			    "%s: %s and %s do not bound a table", image_path(code), start, end);
		return false;
	}
	*table = (struct patches_table){ .address = first->address,
					 .size = last->address - first->address };
	section = table->size ? image_section_at(code, table->address) : NULL;
	table->bytes =
		section ? image_bytes(code, section->index, table->address, table->size) : NULL;
	if (table->size == 0 || table->bytes)
		return true;
	g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_INPUT, "%s: no bytes at %s",
		    image_path(code), start);
	return false;
}

/* Where the number at that offset leads: it is relative to its own place. */
static uint64_t lead(const struct patches_table *table, uint64_t offset)
{
	uint32_t number;

	memcpy(&number, table->bytes + offset, sizeof(number));
	return table->address + offset + (uint64_t)(int32_t)GUINT32_FROM_LE(number);
}

/* --- jump labels */

static bool take_label(struct function *function, uint64_t site, uint64_t target, GError **error)
{
	guint index = function_at(function, site);
	struct insn *insn;

	if (index == INSN_NONE)
		return true;
	insn = function_insn(function, index);
	insn->label = function_at(function, target);
	if (insn->label == INSN_NONE)
		return function_refuse(function, insn, error,
				       "a jump label here leads to 0x%" G_GINT64_MODIFIER
				       "x, where no instruction of the function begins",
				       target);
	function_insn(function, insn->label)->is_target = true;
	return true;
}

bool patches_read_labels(struct function *function, GError **error)
{
	struct patches_table table;

	if (!open_table(function->code, "__start___jump_table", "__stop___jump_table", &table,
			error))
		return false;
	if (table.size % LABEL_SIZE) {
		g_set_error(error, SPRINGBOARD_ERROR, SPRINGBOARD_ERROR_INPUT,
			    "%s: the table of jump labels is not made of entries of %d bytes",
			    image_path(function->code), LABEL_SIZE);
		return false;
	}
	for (uint64_t offset = 0; offset < table.size; offset += LABEL_SIZE)
		if (!take_label(function, lead(&table, offset), lead(&table, offset + NUMBER_SIZE),
				error))
			return false;
	return true;
}

/* --- what is refused */

static bool is_code(const struct image *code, uint64_t address)
{
	const struct image_section *section = image_section_at(code, address);

	return section && section->is_code;
}

/*
 * True if the address is anywhere within the instruction, because an entry may begin at any byte.
 */
static bool is_in(const struct insn *insn, uint64_t address)
{
	return address - insn->raw->address < insn->raw->length;
}

static bool is_within(const struct image_symbol *symbol, uint64_t address)
{
	return symbol && address - symbol->address < symbol->size;
}

static const struct insn *find_marked(const struct function *function, const bool *marks,
				      uint64_t address)
{
	if (!is_within(function->symbol, address) && !is_within(function->cold, address))
		return NULL;
	for (guint i = 0; i < function_count(function); i++)
		if (marks[i] && is_in(function_insn(function, i), address))
			return function_insn(function, i);
	return NULL;
}

static bool check_table(const struct function *function, const bool *marks,
			const struct patched *kind, GError **error)
{
	struct patches_table table;

	if (!open_table(function->code, kind->start, kind->end, &table, error))
		return false;
	for (uint64_t offset = 0; offset + 2 * NUMBER_SIZE <= table.size; offset += kind->step) {
		const struct insn *insn = find_marked(function, marks, lead(&table, offset));

		if (insn && is_code(function->code, lead(&table, offset + NUMBER_SIZE)))
			return function_refuse(function, insn, error, "%s", kind->why);
	}
	return true;
}

bool patches_check(const struct function *function, const bool *marks, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(patched); i++)
		if (!check_table(function, marks, &patched[i], error))
			return false;
	return true;
}
