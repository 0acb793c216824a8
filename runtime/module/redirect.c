// SPDX-License-Identifier: GPL-2.0-only
/*
 * What leads from vmlinux into the module: a jump in each interface function, and the contents of
 * the scheduling classes.
 *
 * The jump stands behind the five bytes that ftrace patches, so that tracing, kprobes on the entry
 * and BPF's fentry work as before. The bytes that the jump replaces must be the function's own; jump
 * labels among them are left alone by the kernel as long as the jump is there (label.c). If the
 * kernel patches them otherwise (static calls, lock prefixes), or if somebody has patched them
 * already (livepatch, kprobes, another module), this file refuses.
 */
#include "../plugsched.h"

#include "redirect.h"

#include "alias.h"
#include "fault.h"
#include "label.h"
#include "outcome.h"
#include "site.h"
#include "stack.h"

#include <linux/bsearch.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sort.h>
#include <linux/static_call.h>
#include <asm/alternative.h>
#include <asm/ibt.h>
#include <asm/insn.h>
#include <asm/sections.h>
#include <asm/text-patching.h>

/* The size of struct sched_class, which kernel/sched/sched.h defines: state.c includes that. */
extern const unsigned int plugsched_class_size;

struct method_table {
	const struct sched_class *object; /* vmlinux's scheduling class */
	const void *contents;             /* the module's contents for it */
	void *before;                     /* a copy of vmlinux's contents, owned */
	u8 *writable;                     /* as a site's */
};

static struct plugsched_site *sites; /* sorted by address */
static unsigned int site_count;
static struct method_table *classes;
static unsigned int class_count;

static const struct plugsched_interface *const interfaces[] = {
#define PLUGSCHED_EACH_UNIT(unit) plugsched_interface_##unit,
#include "../units.h"
#undef PLUGSCHED_EACH_UNIT
};

static const struct plugsched_class *const class_tables[] = {
#define PLUGSCHED_EACH_UNIT(unit) plugsched_classes_##unit,
#include "../units.h"
#undef PLUGSCHED_EACH_UNIT
};

unsigned int plugsched_redirect_count(void)
{
	return site_count;
}

/* --- the tables */

static int compare_sites(const void *left, const void *right)
{
	const struct plugsched_site *l = left, *r = right;

	return l->address < r->address ? -1 : l->address > r->address;
}

static void count_rows(void)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(interfaces); i++)
		for (j = 0; interfaces[i][j].name; j++)
			site_count++;
	for (i = 0; i < ARRAY_SIZE(class_tables); i++)
		for (j = 0; class_tables[i][j].object; j++)
			class_count++;
}

/*
 * Where a jump to the function leads: behind its endbr64, which only an indirect branch needs, and
 * which the kernel may have replaced. This saves time, as each wakeup and each switch takes a dozen
 * such jumps. But not behind ftrace's bytes: somebody who traces the module's function has to see
 * that it is entered.
 */
static void *behind_endbr(void *function)
{
	return is_endbr(*(const u32 *)function) ? function + ENDBR_INSN_SIZE : function;
}

static void fill_site(struct plugsched_site *site, const struct plugsched_interface *row)
{
	s32 distance;

	site->name = row->name;
	site->address = (unsigned long)_text + row->offset;
	site->place = site->address + row->entry;
	site->target = behind_endbr(row->function);
	distance = (s32)((unsigned long)site->target - (site->place + JUMP_LENGTH));
	site->length = JUMP_LENGTH;
	memcpy(site->before, (void *)site->place, JUMP_LENGTH);
	site->after[0] = JMP32_INSN_OPCODE;
	memcpy(site->after + 1, &distance, sizeof(distance));
}

static bool fill_class(struct method_table *class, const struct plugsched_class *row)
{
	class->object = row->object;
	class->contents = row->contents;
	class->before = plugsched_fault(PLUGSCHED_FAULT_CLASSES)
				? NULL
				: kmemdup(row->object, plugsched_class_size, GFP_KERNEL);
	return class->before != NULL;
}

static bool fill_tables(void)
{
	struct plugsched_site *site = sites;
	struct method_table *class = classes;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(interfaces); i++)
		for (j = 0; interfaces[i][j].name; j++)
			fill_site(site++, &interfaces[i][j]);
	sort(sites, site_count, sizeof(*sites), compare_sites, NULL);
	for (i = 0; i < ARRAY_SIZE(class_tables); i++)
		for (j = 0; class_tables[i][j].object; j++)
			if (!fill_class(class ++, &class_tables[i][j]))
				return false;
	return true;
}

bool plugsched_redirect_is_entry(unsigned long address)
{
	const struct plugsched_site wanted = { .address = address };

	return bsearch(&wanted, sites, site_count, sizeof(*sites), compare_sites);
}

/*
 * Is this what the kernel calls the place? Of several names at one place (an alias, or code that gcc
 * has merged) the kernel gives any.
 */
static bool is_called(const struct plugsched_site *site, const char *found)
{
	size_t length = strcspn(found, "+");
	const struct plugsched_name *other;

	if (!strstarts(found + length, "+0x0/"))
		return false;
	if (length == strlen(site->name) && !strncmp(found, site->name, length))
		return true;
	for (other = plugsched_names; other->name; other++)
		if ((unsigned long)_text + other->offset == site->address &&
		    length == strlen(other->name) && !strncmp(found, other->name, length))
			return true;
	return false;
}

/*
 * The kernel's own symbols must agree with the table: then this is the vmlinux that the module was
 * made for.
 */
static int check_names(void)
{
	/* too large for the stack; static, as this runs once, while the module loads */
	static char found[KSYM_SYMBOL_LEN];
	unsigned int i;

	for (i = 0; i < site_count; i++) {
		sprint_symbol(found, sites[i].address);
		if (!is_called(&sites[i], found) || plugsched_fault(PLUGSCHED_FAULT_MISMATCH))
			return plugsched_refuse(-EINVAL,
						"%s is not where the module's table says, %s is: "
						"the module is of another kernel",
						sites[i].name, found);
	}
	return 0;
}

/* --- the kernel's own tables of what it patches: these do not change, so they are read once */

int plugsched_site_refuse(const struct plugsched_site *site)
{
	return plugsched_refuse(-EINVAL,
				"%s: the kernel itself patches the place for the jump; "
				"analyse with the function forced external",
				site->name);
}

/* True if ftrace, static calls or alternatives patch bytes of the place. */
static bool is_reserved(const struct plugsched_site *site)
{
	void *begin = (void *)site->place, *end = (void *)(site->place + site->length - 1);
	bool is_found;

	mutex_lock(&text_mutex);
	is_found = ftrace_text_reserved(begin, end) || static_call_text_reserved(begin, end) ||
		   alternatives_text_reserved(begin, end);
	mutex_unlock(&text_mutex);
	return is_found;
}

static int check_all_reserved(void)
{
	unsigned int i;
	int error = 0;

	for (i = 0; !error && i < site_count; i++) {
		if (is_reserved(&sites[i]))
			error = plugsched_site_refuse(&sites[i]);
		cond_resched();
	}
	return error;
}

int plugsched_redirect_prepare(void)
{
	int error;

	count_rows();
	sites = kvcalloc(site_count, sizeof(*sites), GFP_KERNEL);
	classes = kvcalloc(class_count, sizeof(*classes), GFP_KERNEL);
	if (!sites || !classes || plugsched_fault(PLUGSCHED_FAULT_SITES) || !fill_tables())
		error = plugsched_refuse(-ENOMEM, "no memory for the table of %u redirections",
					 site_count);
	else
		error = check_names();
	if (!error)
		error = plugsched_labels_find(sites, site_count);
	if (!error)
		error = check_all_reserved();
	if (error)
		plugsched_redirect_release();
	return error;
}

void plugsched_redirect_release(void)
{
	unsigned int i;

	for (i = 0; classes && i < class_count; i++)
		kfree(classes[i].before);
	kvfree(classes);
	plugsched_labels_release();
	kvfree(sites);
}

/* --- has somebody else changed a function? */

#ifdef CONFIG_DYNAMIC_FTRACE
/*
 * Refuse if an ftrace handler on any replaced function changes where that function goes on, as
 * livepatch's handler does. This also concerns replaced functions that have no site: the module
 * would silently undo such a change. The caller holds ftrace_lock.
 */
static int check_ftrace(void)
{
	struct ftrace_rec_iter *iter;

	for_ftrace_rec_iter(iter)
	{
		struct dyn_ftrace *record = ftrace_rec_iter_record(iter);
		const struct plugsched_text *text =
			record->flags & FTRACE_FL_IPMODIFY ? plugsched_text_at(record->ip) : NULL;

		if (text)
			return plugsched_refuse(-EBUSY,
						"%s is already redirected by a live patch: "
						"take that out first",
						text->name);
	}
	return 0;
}
#else
static int check_ftrace(void)
{
	return 0;
}
#endif

/*
 * Refuse if a kprobe covers one of the bytes of the place: by its breakpoint, or by its jump if it
 * is optimised. A probe that begins before the place can be optimised, too, and would then move
 * these bytes elsewhere. A probe on the function's entry is fine: it is ftrace's.
 */
static int check_kprobes(const struct plugsched_site *site)
{
	bool is_found = false;
	int i;

	preempt_disable();
	for (i = 1 - JUMP_LENGTH; i < JUMP_LENGTH; i++)
		if (site->place + i > site->address || site->place == site->address)
			is_found |= get_kprobe((void *)(site->place + i)) != NULL;
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
static int check_jump(const struct plugsched_site *site, const u8 *code)
{
	unsigned long target = (unsigned long)code + JUMP_LENGTH + *(s32 *)(code + 1);

	if (code[0] == INT3_INSN_OPCODE ||
	    (code[0] == JMP32_INSN_OPCODE && !core_kernel_text(target)))
		return plugsched_refuse(-EBUSY,
					"%s is already redirected, to %pS: take that out first",
					site->name, (void *)target);
	return 0;
}

/* Refuse unless the function is as it was when the module was loaded. */
static int check_site_free(const struct plugsched_site *site)
{
	int error = check_kprobes(site);

	if (!error && site->place > site->address)
		error = check_jump(site, (u8 *)site->place - JUMP_LENGTH);
	if (!error)
		error = check_jump(site, (u8 *)site->place);
	if (!error && memcmp(site->before, (void *)site->place, site->length))
		error = plugsched_refuse(-EBUSY,
					 "%s has changed since the module was loaded: load it anew",
					 site->name);
	return error;
}

/* Refuse unless the module's jump is still there. */
static int check_site_ours(const struct plugsched_site *site)
{
	int error = check_kprobes(site);

	if (!error && memcmp(site->after, (void *)site->place, JUMP_LENGTH))
		error = plugsched_refuse(-EBUSY,
					 "somebody has changed the redirection of %s: "
					 "take that out first",
					 site->name);
	return error;
}

static int check_class(const struct method_table *class, enum plugsched_direction direction)
{
	const void *wanted = direction == PLUGSCHED_TO_MODULE ? class->before : class->contents;

	return memcmp(class->object, wanted, plugsched_class_size)
		       ? plugsched_refuse(-EBUSY,
					  "%ps has changed since the module was loaded: "
					  "load it anew",
					  class->object)
		       : 0;
}

int plugsched_redirect_check(enum plugsched_direction direction)
{
	unsigned int i;
	int error = direction == PLUGSCHED_TO_MODULE ? check_ftrace() : 0;

	if (!error)
		error = plugsched_labels_renew(direction);
	if (!error && plugsched_fault(PLUGSCHED_FAULT_FOREIGN))
		error = plugsched_refuse(-EBUSY,
					 "a function is already redirected (ordered by a test)");
	for (i = 0; !error && i < site_count; i++)
		error = direction == PLUGSCHED_TO_MODULE ? check_site_free(&sites[i])
							 : check_site_ours(&sites[i]);
	for (i = 0; !error && i < class_count; i++)
		error = check_class(&classes[i], direction);
	return error;
}

/* --- writing */

/* Find all writable addresses before the stop, as there are hundreds of them. */
static int find_writable(const struct plugsched_alias *alias)
{
	bool is_complete = plugsched_labels_map(alias);
	unsigned int i;

	for (i = 0; i < site_count; i++)
		is_complete &= !!(sites[i].writable = plugsched_alias_find(alias, sites[i].place));
	for (i = 0; i < class_count; i++)
		is_complete &= !!(classes[i].writable = plugsched_alias_find(
					  alias, (unsigned long)classes[i].object));
	return is_complete
		       ? 0
		       : plugsched_refuse(-EINVAL, "a page that is to be written was not mapped: "
						   "report this");
}

static int map_all(struct plugsched_alias *alias, const unsigned long *addresses,
		   const unsigned int *sizes, unsigned int count)
{
	int error = plugsched_alias_begin(alias, addresses, sizes, count);

	if (error)
		return error;
	error = find_writable(alias);
	if (error)
		plugsched_alias_end(alias);
	return error;
}

int plugsched_redirect_map(struct plugsched_alias *alias)
{
	unsigned int count = site_count + class_count + plugsched_labels_count(), row = 0, i;
	unsigned long *addresses = kvcalloc(count, sizeof(*addresses), GFP_KERNEL);
	unsigned int *sizes = kvcalloc(count, sizeof(*sizes), GFP_KERNEL);
	int error = -ENOMEM;

	if (addresses && sizes && !plugsched_fault(PLUGSCHED_FAULT_WRITES)) {
		for (i = 0; i < site_count; i++) {
			addresses[row] = sites[i].place;
			sizes[row++] = sites[i].length;
		}
		for (i = 0; i < class_count; i++) {
			addresses[row] = (unsigned long)classes[i].object;
			sizes[row++] = plugsched_class_size;
		}
		plugsched_labels_list(addresses + row, sizes + row);
		error = map_all(alias, addresses, sizes, count);
	} else {
		plugsched_refuse(error, "no memory for the list of what to write");
	}
	kvfree(addresses);
	kvfree(sizes);
	return error;
}

/*
 * What is left of a label behind the jump is out of reach while the jump is there, so it is written
 * before the jump goes. An NMI then meets a whole label.
 */
static void write_site(const struct plugsched_site *site, bool is_load)
{
	if (!is_load && site->length > JUMP_LENGTH)
		plugsched_alias_write(site->writable + JUMP_LENGTH, site->before + JUMP_LENGTH,
				      site->length - JUMP_LENGTH);
	plugsched_alias_write(site->writable, is_load ? site->after : site->before, JUMP_LENGTH);
}

void plugsched_redirect_write(enum plugsched_direction direction)
{
	bool is_load = direction == PLUGSCHED_TO_MODULE;
	unsigned int i;

	for (i = 0; i < site_count; i++)
		write_site(&sites[i], is_load);
	plugsched_labels_write(direction);
	for (i = 0; i < class_count; i++)
		plugsched_alias_write(classes[i].writable,
				      is_load ? classes[i].contents : classes[i].before,
				      plugsched_class_size);
}
