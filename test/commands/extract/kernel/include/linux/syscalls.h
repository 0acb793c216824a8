/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_SYSCALLS_H
#define LINUX_SYSCALLS_H

#include <linux/compiler.h>

struct pt_regs {
	long di;
};

struct syscall_metadata {
	const char *name;
	int nb_args;
};

#define SYSCALL_METADATA(sname, nb)					\
	static struct syscall_metadata __used __section("__syscalls_metadata") __syscall_meta_##sname = \
		{ .name = "sys" #sname, .nb_args = nb };

#define SYSCALL_DEFINE1(name, type, argument)				\
	SYSCALL_METADATA(_##name, 1)					\
	long __x64_sys_##name(const struct pt_regs *regs);		\
	static long __se_sys_##name(long argument);			\
	static inline long __do_sys_##name(type argument);		\
	long __x64_sys_##name(const struct pt_regs *regs)		\
	{								\
		return __se_sys_##name(regs->di);			\
	}								\
	static long __se_sys_##name(long argument)			\
	{								\
		return __do_sys_##name((type)argument);			\
	}								\
	static inline long __do_sys_##name(type argument)

#define SYSCALL_DEFINE0(name)						\
	SYSCALL_METADATA(_##name, 0)					\
	long __x64_sys_##name(const struct pt_regs *regs);		\
	long __x64_sys_##name(const struct pt_regs *regs)

#endif
