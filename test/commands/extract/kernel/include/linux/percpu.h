/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LINUX_PERCPU_H
#define LINUX_PERCPU_H

#include <linux/compiler.h>

/* What all modules together have for each CPU, bytes. */
#define PERCPU_MODULE_RESERVE (8 << 10)

#define __PCPU_ATTRS(sec) __section(".data..percpu" sec)
#define DECLARE_PER_CPU_SECTION(type, name, sec) extern __PCPU_ATTRS(sec) __typeof__(type) name
#define DEFINE_PER_CPU_SECTION(type, name, sec) __PCPU_ATTRS(sec) __typeof__(type) name
#define DECLARE_PER_CPU(type, name) DECLARE_PER_CPU_SECTION(type, name, "")
#define DEFINE_PER_CPU(type, name) DEFINE_PER_CPU_SECTION(type, name, "")
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) \
	DECLARE_PER_CPU_SECTION(type, name, "") __attribute__((__aligned__(64)))
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) \
	DEFINE_PER_CPU_SECTION(type, name, "") __attribute__((__aligned__(64)))

extern unsigned long per_cpu_offset[4];

#define SHIFT_PERCPU_PTR(ptr, offset) ((typeof(*(ptr)) *)((unsigned long)(ptr) + (offset)))
#define per_cpu_ptr(ptr, cpu) ({ SHIFT_PERCPU_PTR((ptr), per_cpu_offset[cpu]); })
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))

#endif
