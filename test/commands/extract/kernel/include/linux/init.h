/* SPDX-License-Identifier: GPL-2.0-only */
/* What enters something into vmlinux's tables. */
#ifndef LINUX_INIT_H
#define LINUX_INIT_H

#include <linux/compiler.h>

#define __initdata __section(".init.data")
#define __initconst __section(".init.rodata")
#define __read_mostly __section(".data..read_mostly")
#define __aligned(x) __attribute__((__aligned__(x)))
#define __maybe_unused __attribute__((__unused__))

typedef int (*initcall_t)(void);

#define ___define_initcall(fn, id) static initcall_t __initcall_##fn##id __used __section(".initcall" #id) = fn
#define core_initcall(fn) ___define_initcall(fn, 1)
#define late_initcall(fn) ___define_initcall(fn, 7)

struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *);
	int early;
};

#define __setup_param(str, unique_id, fn, early)			\
	static const char __setup_str_##unique_id[] __initconst = str;	\
	static struct obs_kernel_param __setup_##unique_id __used __section(".init.setup") \
		= { __setup_str_##unique_id, fn, early }
#define __setup(str, fn) __setup_param(str, fn, fn, 0)
#define early_param(str, fn) __setup_param(str, fn, fn, 1);

#define NOKPROBE_SYMBOL(fname) \
	static unsigned long __used __section("_kprobe_blacklist") _kbl_addr_##fname = (unsigned long)fname;

#endif
