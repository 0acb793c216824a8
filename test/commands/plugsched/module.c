// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that looks like a scheduler's module to the command: it has a symbol for each way of
 * anchoring one. NAME: its name in the kernel. With CORE, one that looks like plugsched.ko.
 */
#ifndef NAME
#ifdef CORE
#define NAME "plugsched"
#else
#define NAME "scheduler"
#endif
#endif

#ifndef CORE
int exported(void);                     /* the first that vmlinux exports: the anchor */
int plain_function(void);               /* vmlinux has one */
int __vmlinux_twin__pos_2(void);        /* the second of two */
int __vmlinux_odd(void);                /* not a name in C */
int several(void);                      /* exported */
__attribute__((weak)) int absent(void); /* nobody defines it */
extern int per_cpu_thing;               /* outside of the image */
extern const char plugsched_1_0102030405060708090a0b0c0d0e0f1011121314[]; /* the core exports it */

int entry(void);
int entry(void)
{
	return exported() + plain_function() + __vmlinux_twin__pos_2() + __vmlinux_odd() +
	       several() + per_cpu_thing + plugsched_1_0102030405060708090a0b0c0d0e0f1011121314[0] +
	       (absent ? absent() : 0)
#ifdef MORE
	       + MORE
#endif
		;
}

/* vmlinux has a clone of one, and a variable of the other's name */
int taken(void);
int taken(void)
{
	return 1;
}

int variable(void);
int variable(void)
{
	return 2;
}

int (*const table[])(void) = { plain_function, exported };
#endif

#define TEXT(section, text) \
	asm(".pushsection " section ",\"\",@progbits\n\t.ascii \"" text "\"\n\t.popsection")
TEXT(".comment.plugsched.digest",
     "0000000000000000000000000000000000000000000000000000000000000000\\n");
#ifndef CORE
TEXT(".comment.plugsched", "__vmlinux_twin__pos_2\\ttwin\\t2\\n__vmlinux_odd\\todd.part.0\\t0\\n");
#ifndef NO_FUNCTIONS
TEXT(".comment.plugsched.functions", "resched_curr\\nschedule\\n");
TEXT(".comment.plugsched.names", "resched_alias\\n");
#endif
#ifdef TABLE
TEXT(".comment.plugsched", TABLE);
#endif
#endif

#define INFO(name, text) static const char name[] __attribute__((used, section(".modinfo"))) = text
INFO(license, "license=GPL");
#ifndef FOREIGN
#ifdef OTHER
INFO(build_id, "plugsched_build_id=9902030405060708090a0b0c0d0e0f1011121314");
#else
INFO(build_id, "plugsched_build_id=0102030405060708090a0b0c0d0e0f1011121314");
#endif
#endif
#ifdef TESTS
INFO(tests, "plugsched_tests=y");
#endif
#ifndef NAMELESS
INFO(last, "name=" NAME);
#endif
