// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a scheduler has to write into vmlinux.
 *
 * A jump stands behind the five bytes that ftrace patches, so that tracing, kprobes on the entry and
 * BPF's fentry work as before. The bytes that it replaces must be the function's own; jump labels
 * among them are left alone by the kernel as long as a jump is there (label.c). If the kernel patches
 * them otherwise (static calls, lock prefixes), this file refuses.
 *
 * The registry's lock protects all of this.
 */
#include "sites.h"

#include "fault.h"
#include "label.h"
#include "outcome.h"
#include "place.h"
#include "scheduler.h"

#include <linux/bsearch.h>
#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/static_call.h>
#include <asm/alternative.h>
#include <asm/ibt.h>
#include <asm/sections.h>

/* --- classes */

static LIST_HEAD(originals);

static struct plugsched_original *original_get(const struct sched_class *object)
{
	struct plugsched_original *original;

	list_for_each_entry(original, &originals, list)
		if (original->object == object) {
			original->users++;
			return original;
		}
	original = plugsched_fault(PLUGSCHED_FAULT_CLASSES)
			   ? NULL
			   : kzalloc(sizeof(*original) + plugsched_class_size, GFP_KERNEL);
	if (!original)
		return NULL;
	original->object = object;
	original->users = 1;
	memcpy(original->before, object, plugsched_class_size);
	list_add(&original->list, &originals);
	return original;
}

static void original_put(struct plugsched_original *original)
{
	if (!original || --original->users)
		return;
	list_del(&original->list);
	kfree(original);
}

/* --- the tables */

static int compare_sites(const void *left, const void *right)
{
	const struct plugsched_site *l = left, *r = right;

	return l->function < r->function ? -1 : l->function > r->function;
}

static void count_rows(struct plugsched_scheduler *scheduler)
{
	const struct plugsched_tables *tables = scheduler->tables;
	unsigned int i, j;

	for (i = 0; i < tables->units; i++) {
		for (j = 0; tables->interfaces[i][j].name; j++)
			scheduler->site_count++;
		for (j = 0; tables->classes[i][j].object; j++)
			scheduler->content_count++;
	}
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

static bool fill_site(struct plugsched_site *site, const struct plugsched_interface *row)
{
	unsigned long target = (unsigned long)behind_endbr(row->function), address;
	s32 distance;

	site->name = row->name;
	site->function = (unsigned long)_text + row->offset;
	address = site->function + row->entry;
	site->place = plugsched_place_get(address);
	distance = (s32)(target - (address + JUMP_LENGTH));
	site->jump[0] = JMP32_INSN_OPCODE;
	memcpy(site->jump + 1, &distance, sizeof(distance));
	return site->place != NULL;
}

static bool fill_contents(struct plugsched_contents *contents, const struct plugsched_class *row)
{
	contents->original = original_get(row->object);
	contents->contents = row->contents;
	return contents->original != NULL;
}

/* If it fails, the rest of the tables is empty. */
static bool fill_tables(struct plugsched_scheduler *scheduler)
{
	const struct plugsched_tables *tables = scheduler->tables;
	struct plugsched_site *site = scheduler->sites;
	struct plugsched_contents *contents = scheduler->contents;
	unsigned int i, j;

	for (i = 0; i < tables->units; i++) {
		for (j = 0; tables->interfaces[i][j].name; j++)
			if (!fill_site(site++, &tables->interfaces[i][j]))
				return false;
		for (j = 0; tables->classes[i][j].object; j++)
			if (!fill_contents(contents++, &tables->classes[i][j]))
				return false;
	}
	sort(scheduler->sites, scheduler->site_count, sizeof(*site), compare_sites, NULL);
	return true;
}

bool plugsched_sites_have_entry(const struct plugsched_scheduler *scheduler, unsigned long address)
{
	const struct plugsched_site wanted = { .function = address };

	return scheduler->site_count && bsearch(&wanted, scheduler->sites, scheduler->site_count,
						sizeof(wanted), compare_sites);
}

bool plugsched_sites_have_head(const struct plugsched_scheduler *scheduler, unsigned long address)
{
	unsigned int low = 0, high = scheduler->site_count;

	while (low < high) { /* search the first site whose function begins behind the address */
		unsigned int middle = low + (high - low) / 2;

		if (scheduler->sites[middle].function <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < scheduler->sites[low - 1].place->address + JUMP_LENGTH;
}

/* --- is this the vmlinux that the module was made for? */

/*
 * Is this what the kernel calls the place? Of several names at one place (an alias, or code that gcc
 * has merged) the kernel gives any.
 */
static bool is_called(const struct plugsched_site *site, const struct plugsched_name *other,
		      const char *found)
{
	size_t length = strcspn(found, "+");

	if (!strstarts(found + length, "+0x0/"))
		return false;
	if (length == strlen(site->name) && !strncmp(found, site->name, length))
		return true;
	for (; other->name; other++)
		if ((unsigned long)_text + other->offset == site->function &&
		    length == strlen(other->name) && !strncmp(found, other->name, length))
			return true;
	return false;
}

/* The kernel's own symbols must agree with the tables. */
static int check_names(const struct plugsched_scheduler *scheduler)
{
	/* too large for the stack; static, as one scheduler joins at a time */
	static char found[KSYM_SYMBOL_LEN];
	const struct plugsched_site *site;

	for (site = scheduler->sites; site < scheduler->sites + scheduler->site_count; site++) {
		sprint_symbol(found, site->function);
		if (!is_called(site, scheduler->tables->names, found) ||
		    plugsched_fault(PLUGSCHED_FAULT_MISMATCH))
			return plugsched_refuse(-EINVAL,
						"%s is not where the module's table says, %s is: "
						"the module is of another kernel",
						site->name, found);
	}
	return 0;
}

/* --- the kernel's own tables of what it patches: these do not change, so they are read once */

/* True if ftrace, static calls or alternatives patch bytes of the place. */
static bool is_reserved(const struct plugsched_place *place)
{
	void *begin = (void *)place->address, *end = begin + place->length - 1;
	bool is_found;

	mutex_lock(&text_mutex);
	is_found = ftrace_text_reserved(begin, end) || static_call_text_reserved(begin, end) ||
		   alternatives_text_reserved(begin, end);
	mutex_unlock(&text_mutex);
	return is_found;
}

static int check_reserved(const struct plugsched_scheduler *scheduler)
{
	const struct plugsched_site *site;

	for (site = scheduler->sites; site < scheduler->sites + scheduler->site_count; site++) {
		if (site->place->users == 1 && is_reserved(site->place))
			return plugsched_site_refuse(site);
		cond_resched();
	}
	return 0;
}

int plugsched_sites_prepare(struct plugsched_scheduler *scheduler)
{
	int error = 0;

	count_rows(scheduler);
	scheduler->sites = kvcalloc(scheduler->site_count, sizeof(*scheduler->sites), GFP_KERNEL);
	scheduler->contents =
		kvcalloc(scheduler->content_count, sizeof(*scheduler->contents), GFP_KERNEL);
	if (!scheduler->sites || !scheduler->contents || plugsched_fault(PLUGSCHED_FAULT_SITES) ||
	    !fill_tables(scheduler))
		error = plugsched_refuse(-ENOMEM, "no memory for the table of %u redirections",
					 scheduler->site_count);
	if (!error)
		error = check_names(scheduler);
	if (!error)
		error = plugsched_labels_find(scheduler->sites, scheduler->site_count);
	if (!error)
		error = check_reserved(scheduler);
	if (error)
		plugsched_sites_release(scheduler);
	return error;
}

void plugsched_sites_release(struct plugsched_scheduler *scheduler)
{
	unsigned int i;

	for (i = 0; scheduler->sites && i < scheduler->site_count; i++)
		plugsched_place_put(scheduler->sites[i].place);
	for (i = 0; scheduler->contents && i < scheduler->content_count; i++)
		original_put(scheduler->contents[i].original);
	kvfree(scheduler->sites);
	kvfree(scheduler->contents);
}
