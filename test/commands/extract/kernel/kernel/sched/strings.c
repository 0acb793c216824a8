// SPDX-License-Identifier: GPL-2.0-only
/* Strings that are put where they outlive the module become vmlinux's; others stay the module's. */
#include "sched.h"

struct string_holder {
	const char *name;
};

struct string_holder string_kept, string_other;

static const char *string_reason(int x)
{
	if (x == 1)
		return "a reason that is kept";
	return x ? "another reason" : "the last reason";
}

static const char *string_printed(int x)
{
	return x ? "one that is only read" : "another that is only read";
}

static noinline void string_take(const char *name, const char *used)
{
	struct string_holder *holder = &string_kept;

	holder->name = name;
	if (used[0] == 'x')
		string_other.name = 0;
}

int string_user(int x)
{
	const char *local = string_printed(x);

	string_other.name = "put there at once";
	string_kept.name = string_reason(x);
	barrier();
	string_take("handed to what keeps it", "handed to what only reads it");
	return local[0] + x;
}

// extracted:
// -struct string_holder string_kept, string_other;
// +extern struct string_holder string_kept, string_other;
// -		return "a reason that is kept";
// +		return vmlinux_string("a reason that is kept", OFFSET);
// -	return x ? "another reason" : "the last reason";
// +	return x ? vmlinux_string("another reason", OFFSET) : vmlinux_string("the last reason", OFFSET);
// -	string_other.name = "put there at once";
// +	string_other.name = vmlinux_string("put there at once", OFFSET);
// -	string_take("handed to what keeps it", "handed to what only reads it");
// +	string_take(vmlinux_string("handed to what keeps it", OFFSET), "handed to what only reads it");
