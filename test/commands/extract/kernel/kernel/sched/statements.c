// SPDX-License-Identifier: GPL-2.0-only
/* Uses of macros between functions, and what they leave. */
#include "sched.h"

static int statement_state;

int statement_exported(int x)
{
	return x + statement_state;
}
EXPORT_SYMBOL(statement_exported);

/* Not exported because of that comment. */ EXPORT_SYMBOL(statement_state_of);
int statement_variable = 5;
EXPORT_SYMBOL(statement_variable);

int statement_state_of(int x)
{
	return statement_exported(x) + 1;
}

static int __init statement_first(void)
{
	statement_state = 1;
	return 0;
}
core_initcall(statement_first);

static int __init statement_late(void)
{
	statement_state = 2;
	return 0;
}

late_initcall(statement_late);

static int __init statement_setup(char *text)
{
	statement_state = *text;
	return 1;
}
__setup("statement=", statement_setup);

/* Read early. */
static int __init statement_early(char *text)
{
	statement_state = text[1];
	return 0;
}
early_param("early_statement", statement_early);

static noinline int statement_probed(int x)
{
	return x + 2 + statement_state;
}
NOKPROBE_SYMBOL(statement_probed);

static noinline int statement_waits(int x)
{
	schedule();
	return x + 3 + statement_state;
}
NOKPROBE_SYMBOL(statement_waits);

/* No init code, yet called at boot. */
static int statement_initcall(void)
{
	statement_state = 4;
	return 0;
}
late_initcall(statement_initcall);

int statement_user(int x)
{
	return statement_probed(x) + statement_waits(x) + statement_variable++;
}

// extracted:
// -static int statement_state;
// +extern int statement_state;
// +/* plugsched interface, keep the signature: it is exported to modules */
// -EXPORT_SYMBOL(statement_exported);
// -/* Not exported because of that comment. */ EXPORT_SYMBOL(statement_state_of);
// +/* Not exported because of that comment. */ 
// -int statement_variable = 5;
// +extern int statement_variable;
// -EXPORT_SYMBOL(statement_variable);
// +/* plugsched interface, keep the signature: it is exported to modules */
// -static int __init statement_first(void)
// -{
// -	statement_state = 1;
// -	return 0;
// -}
// -core_initcall(statement_first);
// -static int __init statement_late(void)
// -{
// -	statement_state = 2;
// -	return 0;
// -}
// -
// -late_initcall(statement_late);
// -static int __init statement_setup(char *text)
// -{
// -	statement_state = *text;
// -	return 1;
// -}
// -__setup("statement=", statement_setup);
// -/* Read early. */
// -static int __init statement_early(char *text)
// -{
// -	statement_state = text[1];
// -	return 0;
// -}
// -early_param("early_statement", statement_early);
// +/* plugsched interface, keep the signature: its address is taken by _kbl_addr_statement_probed, so it is entered through a pointer */
// -static noinline int statement_waits(int x)
// -{
// -	schedule();
// -	return x + 3 + statement_state;
// -}
// +noinline int statement_waits(int x); /* stays in vmlinux: waits */
// -NOKPROBE_SYMBOL(statement_waits);
// +/* plugsched interface, keep the signature: its address is taken by __initcall_statement_initcall7, so it is entered through a pointer */
// -late_initcall(statement_initcall);
// +/* plugsched interface, keep the signature: the configuration says so */
