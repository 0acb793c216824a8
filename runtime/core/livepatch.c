// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live patches that come while a scheduler is at work.
 *
 * Such a patch redirects vmlinux's function. A call from within the scheduler's module does not pass
 * there: it goes to the module's own copy, without the patch. So half of the kernel would have a fix
 * and the other half would not. A patch that comes first is found by redirect.c; this file refuses
 * one that comes later.
 *
 * A patch registers its functions in its init, which is too late to refuse. Before that, the kernel
 * tells that the module is coming. Its data has pointers to the names of the functions by then
 * (struct klp_func), so any pointer in the module to the name of a replaced function counts. A patch
 * that makes its names up in its init is seen once it is there, and is reported.
 */
#include "livepatch.h"

#include "outcome.h"
#include "scheduler.h"
#include "stack.h"

#include <linux/ftrace.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/string.h>

#ifdef CONFIG_LIVEPATCH
extern struct mutex ftrace_lock; /* kernel/trace/ftrace.c */

/* Protects both. Held while a module is looked at, so an order waits for that. */
static DEFINE_MUTEX(lock);
static const struct plugsched_scheduler *noted[2]; /* those that may be at work, or NULL */
static const struct module *coming[8]; /* live patches whose init is not over, or NULL */

/* --- the names in a module */

/* The name that the pointer leads to, if that is in the module and ends there; or NULL. */
static const char *name_at(const struct module *module, unsigned long pointer)
{
	size_t length;

	for (length = 0; length < KSYM_NAME_LEN; length++) {
		if (!within_module_core(pointer + length, module))
			return NULL;
		if (!((const char *)pointer)[length])
			return length ? (const char *)pointer : NULL;
	}
	return NULL;
}

static bool is_replaced(const char *name)
{
	const struct plugsched_text *text;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(noted); i++)
		for (text = noted[i] ? noted[i]->tables->text : NULL; text && text->name; text++)
			if (!strcmp(text->name, name))
				return true;
	return false;
}

static bool is_any_noted(void)
{
	return noted[0] || noted[1];
}

/* The name of a replaced function that some word of these bytes points to; or NULL. */
static const char *find_name(const struct module *module, const void *base, size_t size)
{
	const unsigned long *word = base, *end = word + size / sizeof(*word);
	const char *name;

	for (; word < end; word++) {
		name = within_module_core(*word, module) ? name_at(module, *word) : NULL;
		if (name && is_replaced(name))
			return name;
	}
	return NULL;
}

static const char *find_names(const struct module *module)
{
	const char *name = NULL;
#ifdef for_each_mod_mem_type
	for_each_mod_mem_type(type) if (!name && !mod_mem_type_is_init(type)) name =
		find_name(module, module->mem[type].base, module->mem[type].size);
#else
	name = find_name(module, module->core_layout.base, module->core_layout.size);
#endif
	return name;
}

/* --- a patch comes */

/* Where that module is noted as coming; for NULL, a free place. NULL if there is none. */
static const struct module **place_of(const struct module *module)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(coming); i++)
		if (coming[i] == module)
			return &coming[i];
	return NULL;
}

static int come(const struct module *module)
{
	const struct module **place = place_of(NULL);
	const char *name = is_any_noted() ? find_names(module) : NULL;

	if (name)
		pr_err("the live patch %s is refused: it has the name of %s, which the scheduler at "
		       "work replaces, so calls within that scheduler would not be patched; unload "
		       "it first\n",
		       module->name, name);
	else if (!place)
		pr_err("the live patch %s is refused: too many come at once\n", module->name);
	else
		*place = module;
	return name || !place ? -EBUSY : 0;
}

/* It is there, or will not come. */
static void forget(const struct module *module)
{
	const struct module **place = place_of(module);

	if (place)
		*place = NULL;
}

static bool is_replaced_at(unsigned long address)
{
	return (noted[0] && plugsched_text_at(noted[0], address)) ||
	       (noted[1] && plugsched_text_at(noted[1], address));
}

/* Report a patch that got through. */
static void report(const struct module *module)
{
	struct ftrace_rec_iter *iter;

	mutex_lock(&ftrace_lock);
	for_ftrace_rec_iter(iter)
	{
		struct dyn_ftrace *record = ftrace_rec_iter_record(iter);

		if (record->flags & FTRACE_FL_IPMODIFY && is_replaced_at(record->ip))
			pr_err("the live patch %s has patched %ps, but not for calls within the "
			       "scheduler at work, which has its own: unload the scheduler\n",
			       module->name, (void *)record->ip);
	}
	mutex_unlock(&ftrace_lock);
}

static int on_module(struct notifier_block *block, unsigned long state, void *data)
{
	struct module *module = data;
	int error = 0;

	if (!is_livepatch_module(module))
		return NOTIFY_DONE;
	mutex_lock(&lock);
	if (state == MODULE_STATE_COMING)
		error = come(module);
	else
		forget(module);
	if (state == MODULE_STATE_LIVE && is_any_noted())
		report(module);
	mutex_unlock(&lock);
	return notifier_from_errno(error);
}

static struct notifier_block block = { .notifier_call = on_module };

int plugsched_livepatch_begin(void)
{
	return register_module_notifier(&block);
}

void plugsched_livepatch_end(void)
{
	unregister_module_notifier(&block);
}

static bool is_any_coming(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(coming); i++)
		if (coming[i])
			return true;
	return false;
}

static void note(const struct plugsched_scheduler *one, const struct plugsched_scheduler *other)
{
	noted[0] = one && one->module ? one : NULL;
	noted[1] = other && other->module ? other : NULL;
}

int plugsched_livepatch_expect(const struct plugsched_change *change)
{
	int error = 0;

	mutex_lock(&lock);
	if (change->to->module && is_any_coming())
		error = plugsched_refuse(-EBUSY, "a live patch is just being loaded: try again");
	else
		note(change->from, change->to);
	mutex_unlock(&lock);
	return error;
}

void plugsched_livepatch_settle(const struct plugsched_scheduler *at_work)
{
	mutex_lock(&lock);
	note(at_work, NULL);
	mutex_unlock(&lock);
}
#else
int plugsched_livepatch_begin(void)
{
	return 0;
}

void plugsched_livepatch_end(void)
{
}

int plugsched_livepatch_expect(const struct plugsched_change *change)
{
	return 0;
}

void plugsched_livepatch_settle(const struct plugsched_scheduler *at_work)
{
}
#endif
