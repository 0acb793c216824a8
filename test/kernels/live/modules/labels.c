// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets a key of vmlinux, and looks at all its jump labels. Its parameters are addresses, because
 * vmlinux exports none of these: `start` and `stop` of the table, `key` of the key.
 *
 *   /sys/module/labels/parameters/set     write 0 or 1: the key is disabled or enabled
 *   /sys/module/labels/parameters/held    how many labels the kernel leaves alone
 *   /sys/module/labels/parameters/wrong   how many of the others are not as their key says
 */
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <asm/nops.h>

static unsigned long start, stop, key;
module_param(start, ulong, 0444);
module_param(stop, ulong, 0444);
module_param(key, ulong, 0644);

static const unsigned char short_nop[] = { BYTES_NOP2 }, long_nop[] = { BYTES_NOP5 };

static int set(const char *value, const struct kernel_param *parameter)
{
	if (sysfs_streq(value, "1"))
		static_key_enable((struct static_key *)key);
	else
		static_key_disable((struct static_key *)key);
	return 0;
}

static bool is_as_said(const struct jump_entry *entry)
{
	const unsigned char *code = (const unsigned char *)jump_entry_code(entry);
	bool is_enabled = static_key_count(jump_entry_key(entry)) > 0;
	long target = (long)jump_entry_target(entry);

	if (is_enabled == jump_entry_is_branch(entry))
		return !memcmp(code, short_nop, sizeof(short_nop)) ||
		       !memcmp(code, long_nop, sizeof(long_nop));
	return (code[0] == 0xeb && (long)code + 2 + *(signed char *)(code + 1) == target) ||
	       (code[0] == 0xe9 && (long)code + 5 + *(int *)(code + 1) == target);
}

static int count(char *page, bool is_held)
{
	const struct jump_entry *entry;
	unsigned int found = 0;

	for (entry = (void *)start; entry < (struct jump_entry *)stop; entry++) {
		if (is_held)
			found += jump_entry_is_init(entry);
		else if (!jump_entry_is_init(entry))
			found += !is_as_said(entry);
	}
	return scnprintf(page, PAGE_SIZE, "%u\n", found);
}

static int held(char *page, const struct kernel_param *parameter)
{
	return count(page, true);
}

static int wrong(char *page, const struct kernel_param *parameter)
{
	return count(page, false);
}

static const struct kernel_param_ops set_ops = { .set = set }, held_ops = { .get = held },
				     wrong_ops = { .get = wrong };
module_param_cb(set, &set_ops, NULL, 0200);
module_param_cb(held, &held_ops, NULL, 0444);
module_param_cb(wrong, &wrong_ops, NULL, 0444);

MODULE_LICENSE("GPL");
