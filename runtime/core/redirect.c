// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a change writes into vmlinux. Where only the scheduler that leaves has a jump, vmlinux's own
 * bytes come back. Where only the one that comes has a jump, vmlinux's bytes must be there until
 * then. Where both have one, it changes its target. If somebody else has patched a place (livepatch,
 * kprobes, another module), this file refuses.
 */
#include "redirect.h"

#include "alias.h"
#include "fault.h"
#include "label.h"
#include "outcome.h"
#include "place.h"
#include "scheduler.h"
#include "sites.h"
#include "stack.h"

#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/insn.h>
#include <asm/sections.h>
#include <asm/text-patching.h>

/* --- the lists */

/* Both schedulers' sites are sorted. */
static void list_jumps(struct plugsched_redirection *r)
{
	const struct plugsched_scheduler *from = r->change->from, *to = r->change->to;
	const struct plugsched_site *old = from->sites, *old_end = old + from->site_count;
	const struct plugsched_site *new = to->sites, *new_end = new + to->site_count;

	while (old < old_end || new < new_end) {
		struct plugsched_jump *jump = &r->jumps[r->jump_count++];

		if (old < old_end && (new == new_end || old->place->address <= new->place->address))
			jump->from = old++;
		if (new < new_end && (!jump->from || jump->from->place == new->place))
			jump->to = new ++;
		jump->place = jump->from ? jump->from->place : jump->to->place;
	}
}

static struct plugsched_exchange *exchange_of(struct plugsched_redirection *r,
					      struct plugsched_original *original)
{
	unsigned int i;

	for (i = 0; i < r->exchange_count; i++)
		if (r->exchanges[i].original == original)
			return &r->exchanges[i];
	r->exchanges[i] = (struct plugsched_exchange){
		.original = original,
		.from = original->before,
		.to = original->before,
	};
	r->exchange_count++;
	return &r->exchanges[i];
}

static void list_exchanges(struct plugsched_redirection *r)
{
	const struct plugsched_scheduler *from = r->change->from, *to = r->change->to;
	unsigned int i;

	for (i = 0; i < from->content_count; i++)
		exchange_of(r, from->contents[i].original)->from = from->contents[i].contents;
	for (i = 0; i < to->content_count; i++)
		exchange_of(r, to->contents[i].original)->to = to->contents[i].contents;
}

int plugsched_redirect_begin(struct plugsched_redirection *r, const struct plugsched_change *change)
{
	*r = (struct plugsched_redirection){ .change = change };
	r->jumps = kvcalloc(change->from->site_count + change->to->site_count, sizeof(*r->jumps),
			    GFP_KERNEL);
	r->exchanges = kvcalloc(change->from->content_count + change->to->content_count,
				sizeof(*r->exchanges), GFP_KERNEL);
	if (!r->jumps || !r->exchanges || plugsched_fault(PLUGSCHED_FAULT_JUMPS)) {
		plugsched_redirect_end(r);
		return plugsched_refuse(-ENOMEM, "no memory for the list of jumps");
	}
	list_jumps(r);
	list_exchanges(r);
	return 0;
}

void plugsched_redirect_end(struct plugsched_redirection *r)
{
	kvfree(r->jumps);
	kvfree(r->exchanges);
}

/* --- has somebody else changed a function? */

#ifdef CONFIG_DYNAMIC_FTRACE
/*
 * Refuse if an ftrace handler on any function that the new scheduler replaces changes where that
 * function goes on, as livepatch's handler does. This also concerns replaced functions that have no
 * site: the module would silently undo such a change. The caller holds ftrace_lock.
 */
static int check_ftrace(const struct plugsched_scheduler *to)
{
	struct ftrace_rec_iter *iter;

	for_ftrace_rec_iter(iter)
	{
		struct dyn_ftrace *record = ftrace_rec_iter_record(iter);
		const struct plugsched_text *text = record->flags & FTRACE_FL_IPMODIFY
							    ? plugsched_text_at(to, record->ip)
							    : NULL;

		if (text)
			return plugsched_refuse(-EBUSY,
						"%s is already redirected by a live patch: "
						"take that out first",
						text->name);
	}
	return 0;
}
#else
static int check_ftrace(const struct plugsched_scheduler *to)
{
	return 0;
}
#endif

/* Of the scheduler that has the jump now, or will have it. */
static const struct plugsched_site *site_of(const struct plugsched_jump *jump)
{
	return jump->from ? jump->from : jump->to;
}

/*
 * Refuse if a kprobe covers one of the bytes of the place: by its breakpoint, or by its jump if it
 * is optimised. A probe that begins before the place can be optimised, too, and would then move
 * these bytes elsewhere. A probe on the function's entry is fine: it is ftrace's.
 */
static int check_kprobes(const struct plugsched_jump *jump)
{
	const struct plugsched_site *site = site_of(jump);
	unsigned long address = jump->place->address;
	bool is_found = false;
	int i;

	preempt_disable();
	for (i = 1 - JUMP_LENGTH; i < (int)jump->place->length; i++)
		if (address + i > site->function || address == site->function)
			is_found |= get_kprobe((void *)(address + i)) != NULL;
	preempt_enable();
	return is_found ? plugsched_refuse(-EBUSY,
					   "%s has a kprobe behind its entry: take that out first",
					   site->name)
			: 0;
}

/*
 * Refuse if there is a breakpoint or a jump out of vmlinux in the bytes at `code`: at the place, or
 * right before it, where ftrace only ever writes a call or a nop.
 */
static int check_code(const struct plugsched_site *site, const u8 *code)
{
	unsigned long target = (unsigned long)code + JUMP_LENGTH + *(s32 *)(code + 1);

	if (code[0] == INT3_INSN_OPCODE ||
	    (code[0] == JMP32_INSN_OPCODE && !core_kernel_text(target)))
		return plugsched_refuse(-EBUSY,
					"%s is already redirected, to %pS: take that out first",
					site->name, (void *)target);
	return 0;
}

/* Refuse unless the function is as it was when its place was first known. */
static int check_free(const struct plugsched_jump *jump)
{
	const struct plugsched_place *place = jump->place;
	const struct plugsched_site *site = jump->to;
	int error = 0;

	if (place->address - JUMP_LENGTH >= site->function)
		error = check_code(site, (u8 *)place->address - JUMP_LENGTH);
	if (!error)
		error = check_code(site, (u8 *)place->address);
	if (!error && memcmp(place->before, (void *)place->address, place->length))
		error = plugsched_refuse(-EBUSY,
					 "%s has changed since the module was loaded: load it anew",
					 site->name);
	return error;
}

/* Refuse unless the jump of the scheduler at work is still there. */
static int check_ours(const struct plugsched_jump *jump)
{
	return memcmp(jump->from->jump, (void *)jump->place->address, JUMP_LENGTH)
		       ? plugsched_refuse(-EBUSY,
					  "somebody has changed the redirection of %s: "
					  "take that out first",
					  jump->from->name)
		       : 0;
}

static int check_jump(const struct plugsched_jump *jump)
{
	int error = check_kprobes(jump);

	if (error)
		return error;
	if (!plugsched_labels_renew(jump->place, jump->from))
		return plugsched_refuse(-EBUSY,
					"somebody has changed a jump label of %s: "
					"take that out first",
					site_of(jump)->name);
	return jump->from ? check_ours(jump) : check_free(jump);
}

static int check_exchange(const struct plugsched_exchange *exchange)
{
	return memcmp(exchange->original->object, exchange->from, plugsched_class_size)
		       ? plugsched_refuse(-EBUSY,
					  "%ps has changed since the module was loaded: "
					  "load it anew",
					  exchange->original->object)
		       : 0;
}

int plugsched_redirect_check(const struct plugsched_redirection *r)
{
	unsigned int i;
	int error = check_ftrace(r->change->to);

	if (!error && plugsched_fault(PLUGSCHED_FAULT_FOREIGN))
		error = plugsched_refuse(-EBUSY,
					 "a function is already redirected (ordered by a test)");
	for (i = 0; !error && i < r->jump_count; i++)
		error = check_jump(&r->jumps[i]);
	for (i = 0; !error && i < r->exchange_count; i++)
		error = check_exchange(&r->exchanges[i]);
	return error;
}

/* --- mapping */

/* Find all writable addresses before the stop, as there are hundreds of them. */
static int find_writable(const struct plugsched_redirection *r, const struct plugsched_alias *alias)
{
	bool is_complete = true;
	unsigned int i;

	for (i = 0; i < r->jump_count; i++) {
		struct plugsched_place *place = r->jumps[i].place;

		place->writable = plugsched_alias_find(alias, place->address);
		is_complete &= place->writable && plugsched_labels_map(place, alias);
	}
	for (i = 0; i < r->exchange_count; i++) {
		struct plugsched_original *original = r->exchanges[i].original;

		original->writable = plugsched_alias_find(alias, (unsigned long)original->object);
		is_complete &= original->writable != NULL;
	}
	return is_complete
		       ? 0
		       : plugsched_refuse(-EINVAL, "a page that is to be written was not mapped: "
						   "report this");
}

static int map_all(const struct plugsched_redirection *r, struct plugsched_alias *alias,
		   const unsigned long *addresses, const unsigned int *sizes, unsigned int count)
{
	int error = plugsched_alias_begin(alias, addresses, sizes, count);

	if (error)
		return error;
	error = find_writable(r, alias);
	if (error)
		plugsched_alias_end(alias);
	return error;
}

static unsigned int count_writes(const struct plugsched_redirection *r)
{
	unsigned int count = r->jump_count + r->exchange_count, i;

	for (i = 0; i < r->jump_count; i++)
		count += plugsched_labels_count(r->jumps[i].place);
	return count;
}

static void list_writes(const struct plugsched_redirection *r, unsigned long *address,
			unsigned int *size)
{
	unsigned int i;

	for (i = 0; i < r->jump_count; i++) {
		const struct plugsched_place *place = r->jumps[i].place;
		unsigned int labels = plugsched_labels_count(place);

		*address++ = place->address;
		*size++ = place->length;
		plugsched_labels_list(place, address, size);
		address += labels;
		size += labels;
	}
	for (i = 0; i < r->exchange_count; i++) {
		*address++ = (unsigned long)r->exchanges[i].original->object;
		*size++ = plugsched_class_size;
	}
}

int plugsched_redirect_map(const struct plugsched_redirection *r, struct plugsched_alias *alias)
{
	unsigned int count = count_writes(r);
	unsigned long *addresses = kvcalloc(count, sizeof(*addresses), GFP_KERNEL);
	unsigned int *sizes = kvcalloc(count, sizeof(*sizes), GFP_KERNEL);
	int error = -ENOMEM;

	if (addresses && sizes && !plugsched_fault(PLUGSCHED_FAULT_WRITES)) {
		list_writes(r, addresses, sizes);
		error = map_all(r, alias, addresses, sizes, count);
	} else {
		plugsched_refuse(error, "no memory for the list of what to write");
	}
	kvfree(addresses);
	kvfree(sizes);
	return error;
}

/* --- writing */

/*
 * What is left of a label behind a jump is out of reach while the jump is there, so it is written
 * before the jump goes. An NMI then meets a whole label.
 */
static void write_jump(const struct plugsched_jump *jump)
{
	struct plugsched_place *place = jump->place;

	if (!jump->to && place->length > JUMP_LENGTH)
		plugsched_alias_write(place->writable + JUMP_LENGTH, place->before + JUMP_LENGTH,
				      place->length - JUMP_LENGTH);
	plugsched_alias_write(place->writable, jump->to ? jump->to->jump : place->before,
			      JUMP_LENGTH);
	plugsched_labels_write(place, jump->to);
	place->has_jump = jump->to;
}

void plugsched_redirect_write(const struct plugsched_redirection *r)
{
	unsigned int i;

	for (i = 0; i < r->jump_count; i++)
		write_jump(&r->jumps[i]);
	for (i = 0; i < r->exchange_count; i++)
		plugsched_alias_write(r->exchanges[i].original->writable, r->exchanges[i].to,
				      plugsched_class_size);
}
