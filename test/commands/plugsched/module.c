// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file that looks like scheduler.ko to the command: it has a symbol for
 * each way of resolving one.
 */
int plain_function(void);        /* the kernel has one, and another module too */
int __vmlinux_twin__pos_2(void); /* the second of two */
int __vmlinux_odd(void);         /* not a name in C */
/* two; one of them may be exported, so the kernel finds it */
int several(void);
__attribute__((weak)) int absent(void); /* nobody defines it */
extern int per_cpu_thing;               /* a small address */

int entry(void);
int entry(void)
{
	return plain_function() + __vmlinux_twin__pos_2() + __vmlinux_odd() + several() +
	       per_cpu_thing + (absent ? absent() : 0)
#ifdef MORE
	       + MORE
#endif
		;
}

#define TEXT(section, text) \
	asm(".pushsection " section ",\"\",@progbits\n\t.ascii \"" text "\"\n\t.popsection")
TEXT(".comment.plugsched", "__vmlinux_twin__pos_2\\ttwin\\t2\\n__vmlinux_odd\\todd.part.0\\t0\\n");
#ifndef NO_FUNCTIONS
TEXT(".comment.plugsched.functions", "resched_curr\\nschedule\\n");
TEXT(".comment.plugsched.names", "resched_alias\\n");
#endif
#ifdef TABLE
TEXT(".comment.plugsched", TABLE);
#endif

#define INFO(name, text) static const char name[] __attribute__((used, section(".modinfo"))) = text
INFO(license, "license=GPL");
#ifndef FOREIGN
INFO(build_id, "plugsched_build_id=0102030405060708090a0b0c0d0e0f1011121314");
#endif
#ifdef TESTS
INFO(tests, "plugsched_tests=y");
#endif
INFO(last, "name=scheduler");
