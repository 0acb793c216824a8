// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts with kprobes how often places in the kernel are passed: insmod probe.ko
 * places=NAME+OFFSET,NAME+OFFSET... A function of a module is MODULE:NAME+OFFSET; of=MODULE: and
 * end=END say for all what comes before and behind NAME, because the kernel takes no parameter of
 * more than 1,024 characters.
 * /sys/module/probe/parameters/counts has one line for each place. Unlike a kprobe event, this may
 * be in a notrace function.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define PLACES 64

static char *places, *of = "", *end = "";
module_param(places, charp, 0444);
module_param(of, charp, 0444);
module_param(end, charp, 0444);

static struct place {
	struct kprobe probe;
	atomic_long_t count;
	const char *name;
} all[PLACES];
static int number;

static int on_pass(struct kprobe *probe, struct pt_regs *regs)
{
	atomic_long_inc(&container_of(probe, struct place, probe)->count);
	return 0;
}

static int show(char *page, const struct kernel_param *parameter)
{
	int i, length = 0;

	for (i = 0; i < number; i++)
		length += scnprintf(page + length, PAGE_SIZE - length, "%s %ld\n", all[i].name,
				    atomic_long_read(&all[i].count));
	return length;
}

static const struct kernel_param_ops counts_ops = { .get = show };
module_param_cb(counts, &counts_ops, NULL, 0444);

/* All at once: the kernel waits for all CPUs each time. */
static void remove_all(void)
{
	struct kprobe *probes[PLACES];
	int i;

	for (i = 0; i < number; i++)
		probes[i] = &all[i].probe;
	if (number)
		unregister_kprobes(probes, number);
}

static int add(char *name)
{
	struct place *place = &all[number];
	char *offset;
	unsigned int bytes;
	int error;

	place->name = kstrdup(name, GFP_KERNEL);
	offset = strchr(name, '+');
	if (!offset || kstrtouint(offset + 1, 0, &bytes))
		return -EINVAL;
	*offset = '\0';
	name = kasprintf(GFP_KERNEL, "%s%s%s", of, name, end);
	if (!name)
		return -ENOMEM;
	place->probe =
		(struct kprobe){ .symbol_name = name, .offset = bytes, .pre_handler = on_pass };
	error = register_kprobe(&place->probe);
	if (error)
		pr_err("probe: %s: error %d\n", place->name, error);
	else
		number++;
	return error;
}

static int __init begin(void)
{
	char *name;
	int error = 0;

	while (!error && number < PLACES && (name = strsep(&places, ",")))
		error = add(name);
	if (error)
		remove_all();
	return error;
}

module_init(begin);
module_exit(remove_all);
MODULE_LICENSE("GPL");
