// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that the common sequence left unpaired are matched with any similar unpaired line. Blocks
 * then show that no jump goes elsewhere: the blocks to which the module's jump and vmlinux's jump
 * lead must have a matched line in common. Where registers differ, a register that replaces another
 * must do so at least twice: where it is set and where it is used.
 *
 * Limit: the order of lines within a block is not checked, even if it changes what they do.
 */
#include "tools/compare/order.h"
#include "tools/compare/like.h"
#include "tools/compare/target.h"

#include <string.h>

#define MATCH_MAX (16u << 20) /* most pairs of lines that are tried */

struct order {
	const struct pair *old;
	struct pair new;            /* `old` with more partners */
	int *blocks, *their_blocks; /* the number of the block of each line */
	bool is_blind;
};

/* --- where jumps go */

/* The line in the same body that a jump leads to; -1 if the line is no jump or leads elsewhere. */
static int jump_index(const struct body *body, guint index)
{
	const struct body_line *line = body_line(body, index);
	const struct target *target = &line->targets[0];
	bool is_linked = image_is_linked(body->side->code);

	if (line->instruction->field_count != 1 || !line->instruction->fields[0].is_branch ||
	    line->shape[0] != 'j')
		return -1;
	if (is_linked)
		return body_index(body, body->symbol->section, line->instruction->fields[0].value);
	return target->kind == TARGET_PLACE ? body_index(body, target->section, target->value) : -1;
}

static bool ends_block(const struct body_line *line)
{
	return line->shape[0] == 'j' || g_str_has_prefix(line->shape, "ret");
}

static int *find_blocks(const struct body *body)
{
	guint count = body->lines->len;
	int *blocks = g_new0(int, count + 1);
	int number = 0;

	for (guint i = 0; i < count; i++) {
		int target = jump_index(body, i);

		if (target >= 0)
			blocks[target] = 1;
		if (ends_block(body_line(body, i)))
			blocks[i + 1] = 1;
	}
	for (guint i = 0; i < count; i++) {
		number += blocks[i];
		blocks[i] = number;
	}
	return blocks;
}

static bool is_padding(const struct body_line *line)
{
	return g_str_has_prefix(line->shape, "nop") || !strcmp(line->shape, "xchgw %ax, %ax");
}

static bool is_plain_jump(const struct body *body, guint index)
{
	return !strcmp(body_line(body, index)->shape, "jmp @0") && jump_index(body, index) >= 0;
}

/* True for a line that another arrangement may add. */
static bool is_filler(const struct order *order, const struct body *body, guint index)
{
	return is_padding(body_line(body, index)) || is_plain_jump(body, index) ||
	       (order->is_blind && like_is_move(body, body_line(body, index)));
}

/* The first matched line from `index` on, in the order of execution; -1 if that is not clear. */
static int first_matched(const struct order *order, const struct body *body, const int *partners,
			 int index)
{
	for (guint steps = 0;
	     steps < body->lines->len && index >= 0 && index < (int)body->lines->len; steps++) {
		if (partners[index] >= 0)
			return index;
		if (!is_filler(order, body, index))
			return -1;
		index = is_plain_jump(body, index) ? jump_index(body, index) : index + 1;
	}
	return -1;
}

static bool is_same_block(const struct order *order, int ours, int theirs)
{
	int i = first_matched(order, order->new.module, order->new.partners, ours);
	int j = first_matched(order, order->new.vmlinux, order->new.back, theirs);
	int block = i >= 0 ? order->blocks[i] : -1;

	if (i < 0 || j < 0)
		return false;
	while (i > 0 && order->blocks[i - 1] == block)
		i--;
	for (; i < (int)order->new.module->lines->len && order->blocks[i] == block; i++)
		if (order->new.partners[i] >= 0 &&
		    order->their_blocks[order->new.partners[i]] == order->their_blocks[j])
			return true;
	return false;
}

/*
 * True if the jumps in line `i` and its partner go to the same blocks, and, when they are not
 * taken, continue in the same blocks.
 */
static bool has_same_jump(const struct order *order, guint i)
{
	const struct body *module = order->new.module, *vmlinux = order->new.vmlinux;
	guint j = (guint)order->new.partners[i];
	int ours = jump_index(module, i), theirs = jump_index(vmlinux, j);
	bool is_turned = body_line(module, i)->shape != body_line(vmlinux, j)->shape;

	if (ours < 0 && theirs < 0)
		return target_jumps_alike(&order->new, i, j);
	if (is_turned)
		return is_same_block(order, ours, (int)j + 1) &&
		       is_same_block(order, (int)i + 1, theirs);
	return is_same_block(order, ours, theirs);
}

static bool have_same_jumps(const struct order *order)
{
	for (guint i = 0; i < order->new.module->lines->len; i++)
		if (order->new.partners[i] >= 0 && order->old->partners[i] < 0 &&
		    !has_same_jump(order, i))
			return false;
	return true;
}

/* --- registers */

/* "a" for %rax, %eax, %ax and %al; "r8" for %r8d. Caller frees. */
static char *register_family(const char *name, size_t length)
{
	if (name[0] == 'r' && g_ascii_isdigit(name[1]))
		return g_strndup(name, 1 + strspn(name + 1, "0123456789"));
	if (length == 3 && (name[0] == 'r' || name[0] == 'e')) {
		name++;
		length--;
	}
	return g_strndup(name, strchr("abcd", name[0]) && length == 2 && strchr("xlh", name[1])
				       ? 1
				       : MIN(length, 2));
}

static const char *next_register(const char *text, size_t *length)
{
	const char *name = strchr(text, '%');

	*length = name ? strspn(name + 1, "abcdefghijklmnopqrstuvwxyz0123456789") : 0;
	return name ? name + 1 : NULL;
}

/* Counts which register of the module replaces which of vmlinux's in two lines. */
static void count_substitutes(GHashTable *counts, const char *ours, const char *theirs)
{
	size_t length, other;

	while ((ours = next_register(ours, &length)) && (theirs = next_register(theirs, &other))) {
		g_autofree char *first = register_family(ours, length),
				*second = register_family(theirs, other);
		char *key = g_strconcat(first, ">", second, NULL);

		if (strcmp(first, second))
			g_hash_table_replace(
				counts, key,
				GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(counts, key)) +
						1));
		else
			g_free(key);
	}
}

static bool are_registers_renamed(const struct order *order)
{
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GHashTableIter iterator;
	gpointer number;

	for (guint i = 0; i < order->new.module->lines->len; i++)
		if (order->new.partners[i] >= 0 && order->old->partners[i] < 0)
			count_substitutes(
				counts, body_line(order->new.module, i)->shape,
				body_line(order->new.vmlinux, order->new.partners[i])->shape);
	g_hash_table_iter_init(&iterator, counts);
	while (g_hash_table_iter_next(&iterator, NULL, &number))
		if (GPOINTER_TO_INT(number) < 2)
			return false;
	return true;
}

/* --- matching */

static void match_line(struct order *order, guint i, bool is_blind)
{
	for (guint j = 0; j < order->new.vmlinux->lines->len; j++) {
		if (order->new.back[j] >= 0 || !like_lines(&order->new, i, j, is_blind))
			continue;
		order->new.partners[i] = (int)j;
		order->new.back[j] = (int)i;
		return;
	}
}

static void match_lines(struct order *order, bool is_blind)
{
	for (guint i = 0; i < order->new.module->lines->len; i++)
		if (order->new.partners[i] < 0)
			match_line(order, i, is_blind);
}

/* A body that adds a push must also add a pop, and the reverse. */
static bool has_both_or_none(const struct body *body, const int *partners)
{
	bool has_push = false, has_pop = false;

	for (guint i = 0; i < body->lines->len; i++) {
		has_push |= partners[i] < 0 && g_str_has_prefix(body_line(body, i)->shape, "push");
		has_pop |= partners[i] < 0 && g_str_has_prefix(body_line(body, i)->shape, "pop");
	}
	return has_push == has_pop;
}

static bool are_fillers(const struct order *order, const struct body *body, const int *partners)
{
	for (guint i = 0; i < body->lines->len; i++)
		if (partners[i] < 0 && !is_filler(order, body, i))
			return false;
	return has_both_or_none(body, partners);
}

static void order_init(struct order *order, const struct pair *pair, bool is_blind)
{
	*order = (struct order){ .old = pair, .new = *pair, .is_blind = is_blind };
	order->new.partners =
		g_memdup2(pair->partners, (pair->module->lines->len + 1) * sizeof(int));
	order->new.back = g_memdup2(pair->back, (pair->vmlinux->lines->len + 1) * sizeof(int));
	order->blocks = find_blocks(pair->module);
	order->their_blocks = find_blocks(pair->vmlinux);
}

static void order_clear(struct order *order)
{
	g_free(order->new.partners);
	g_free(order->new.back);
	g_free(order->blocks);
	g_free(order->their_blocks);
}

bool order_is_another(const struct pair *pair, bool is_blind)
{
	struct order order;
	bool is_another;

	if ((uint64_t)pair->module_only * pair->vmlinux_only > MATCH_MAX)
		return false;
	order_init(&order, pair, is_blind);
	match_lines(&order, false);
	if (is_blind)
		match_lines(&order, true);
	is_another = are_fillers(&order, pair->module, order.new.partners) &&
		     are_fillers(&order, pair->vmlinux, order.new.back) &&
		     have_same_jumps(&order) && (!is_blind || are_registers_renamed(&order));
	order_clear(&order);
	return is_another;
}
