// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which functions does a function's own code in vmlinux enter, and does it come back from them?
 *
 * The code is that of its symbol and of its .cold part. A jump to another function is a call whose
 * caller has left the stack.
 */
#include "analyzer/binary/internal.h"

#include "base/decode/decode.h"

#include <string.h>

static bool is_undecoded(const struct instruction *instruction)
{
	return g_str_has_prefix(instruction->text, ".byte");
}

static const struct image_symbol *named_symbol(const struct image *image, uint64_t address,
					       const char *name)
{
	const struct image_symbol *symbol = NULL;

	while ((symbol = binary_symbol_at(image, address, symbol)))
		if (strcmp(symbol->name, name) == 0)
			return symbol;
	return NULL;
}

/* The symbols that have a function's code. */
struct code_parts {
	const struct image *image;
	const struct image_symbol *own, *cold; /* `cold` may be NULL */
};

/* Adds the branch if it leaves the function. */
static void add_exit(GArray *exits, const struct code_parts *parts, const struct instruction *from,
		     uint64_t target)
{
	const struct image_symbol *to =
		image_symbol_covering(parts->image, parts->own->section, target);
	struct binary_exit leaves = {
		.to = to ? to->name : "code without a symbol",
		.is_call = !arch_is_jump(from->bytes, from->length),
	};

	if (!to || (to != parts->own && to != parts->cold))
		g_array_append_val(exits, leaves);
}

static bool add_exits(GArray *exits, const struct code_parts *parts,
		      const struct image_symbol *part)
{
	g_autoptr(GArray) code =
		part->size ? decode_symbol(parts->image, part, NULL, NULL, NULL) : NULL;

	for (guint i = 0; code && i < code->len; i++) {
		const struct instruction *each = &g_array_index(code, struct instruction, i);

		if (is_undecoded(each))
			return false;
		for (unsigned f = 0; f < each->field_count; f++)
			if (each->fields[f].is_branch)
				add_exit(exits, parts, each, each->fields[f].value);
	}
	return code != NULL;
}

GArray *binary_exits_of(const struct binary *binary, const struct binary_function *function)
{
	const struct binary_state *state = binary->state;
	struct code_parts parts = { .image = state->image };
	g_autoptr(GArray) exits = g_array_new(FALSE, FALSE, sizeof(struct binary_exit));

	if (function->symbol)
		parts.own = named_symbol(state->image, function->address, function->symbol);
	if (function->cold)
		parts.cold = image_find(state->image, function->cold);
	if (!parts.own || !parts.cold != !function->cold || !add_exits(exits, &parts, parts.own))
		return NULL;
	if (parts.cold && !add_exits(exits, &parts, parts.cold))
		return NULL;
	return g_steal_pointer(&exits);
}
