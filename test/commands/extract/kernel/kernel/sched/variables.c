// SPDX-License-Identifier: GPL-2.0-only
/* Variables of every shape. */
#include "sched.h"

int var_plain = 1;
static int var_static = 2;
static int var_zero;
int var_first = 4, var_second, *var_third = &var_first;
static int var_static_first = 5, var_static_second[2] = { 6, 7 }, *var_static_third = var_static_second;

/* arrays without size */
int var_sizes[] = { 1, 2, 3 };
static char var_text[] = "text";
static int var_matrix[][2] = { { 1, 2 }, { 3, 4 }, };
static const char *var_names[] = {
#define FEATURE(name, value) #name,
#include "features.h"
#undef FEATURE
	"a comma, and a semicolon; in a string", /* , ; */
};

/* pointers to functions */
static int (*var_function)(int) = fn_interface;
static int (*var_functions[2])(int x, long y) = { NULL, NULL };
static void (*(*var_deep)(void))(int) = NULL;

/* types of their own */
static struct {
	int a, b;
} var_anonymous = { .a = 1, .b = 2 };
static struct var_tag {
	int a;
} var_tagged = { .a = 3 }, var_tagged_array[2];
static struct var_tag var_later = { 4 };
static union { int i; char c[4]; } var_union = { .i = 9 };
static enum var_enum { VAR_NO, VAR_YES } var_enum = VAR_YES;

/* tentative: declared, defined, declared */
int var_tentative;
int var_tentative = 11;
int var_tentative;
static int var_static_tentative;
static int var_static_tentative = 12;

/* const: folded, and in memory */
static const int var_folded = 13;
static const int var_table[] = { 14, 15, 16, 17 };
const int var_constant = 18;
static int const var_const_behind[3] = { 19, 20, 21 };
const static volatile int var_odd_order = 22;

/* attributes */
int var_attribute __read_mostly = 23;
static int __read_mostly var_attribute_before = 24;
__read_mostly static int var_attribute_first = 25;
static int var_aligned[2] __aligned(64) __read_mostly = { 26 };
static __aligned(16) struct var_tag var_aligned_tag = {
	.a = 27,	/* with a comment; and a semicolon */
};

/* only init code uses it */
static int var_init __initdata = 28;
/* nothing does */
static int var_unused __maybe_unused = 29;
static int var_unused_one __maybe_unused, var_unused_two __maybe_unused;

static int __init var_init_user(void)
{
	return var_init;
}
late_initcall(var_init_user);

int var_user(int x)
{
	var_static++;
	var_zero += x;
	var_second = var_static_first++ + var_static_second[x]++ + *var_static_third++;
	var_text[x] = 'x';
	var_matrix[x][x]++;
	var_names[x]++;
	var_function = var_function == fn_interface ? NULL : fn_interface;
	var_functions[x] = NULL;
	var_deep = NULL;
	var_anonymous.a += var_anonymous.b++;
	var_tagged.a += var_tagged_array[x].a++ + var_later.a++;
	var_union.i++;
	var_enum = x ? VAR_NO : VAR_YES;
	var_static_tentative += var_tentative++;
	x += var_folded + var_table[x] + var_constant + var_const_behind[x] + var_odd_order;
	x += var_attribute++ + var_attribute_before++ + var_attribute_first++ + var_aligned[x]++ + var_aligned_tag.a++;
	return x + var_plain + (var_third != NULL);
}

/* --- objects that macros define */

DEFINE_PER_CPU(int, var_percpu) = 31;
static DEFINE_PER_CPU(struct private_stats, var_percpu_static);
static DEFINE_PER_CPU(int [4], var_percpu_array);
static DEFINE_PER_CPU_SHARED_ALIGNED(struct private_stats, var_percpu_aligned) = {
	.waits = 1,
};
DEFINE_STATIC_KEY_FALSE(var_key);
static DEFINE_STATIC_KEY_TRUE(var_key_static);
static DEFINE_MUTEX(var_mutex);
DEFINE_MUTEX(var_mutex_global);
static LIST_HEAD(var_list);
LIST_HEAD(var_list_global);

static void var_work_fn(struct work *work)
{
	work->n++;
	var_mutex.owner++;
}

static DECLARE_WORK(var_work, var_work_fn);

int var_objects(int x)
{
	per_cpu(var_percpu, x)++;
	per_cpu(var_percpu_static, x).waits++;
	per_cpu(var_percpu_array, x)[2]++;
	per_cpu(var_percpu_aligned, x).runs++;
	static_branch_enable(&var_key);
	if (static_branch_likely(&var_key_static))
		static_branch_enable(&var_key_static);
	var_mutex.owner = var_mutex_global.owner++;
	var_list.next = var_list_global.next;
	queue_work(&var_work);
	return x;
}

/* --- static locals */

static noinline int var_local_one(int x)
{
	static int calls = 1;
	static int calls_two = 2, calls_three[] = { 3, 4 };

	calls += x;
	calls_three[x] += calls_two++;
	return calls;
}

static noinline int var_local_two(int x)
{
	static int calls;

	if (x) {
		static int calls = 5; /* another one */

		calls++;
	}
	BLOCK(static int in_block = 6; in_block += x; calls += in_block;);
	return calls++ + say_once(x);
}

static noinline void __sched var_local_waits(int x)
{
	static int calls;

	calls += x;
	schedule();
}

static noinline int var_local_callback(int x)
{
	static const struct ops ops = {
		.start = var_local_one,
		.stop = var_local_two,
	};
	static struct private_stats stats;
	static struct private_stats *last = &stats;
	static const int folded = 7;

	register_ops(&ops);
	last->runs = stats.waits++;
	return x + folded;
}

int var_locals(int x)
{
	var_local_waits(x);
	return var_local_one(x) + var_local_two(x) + var_local_callback(x);
}

// extracted:
// -int var_plain = 1;
// +extern int var_plain;
// -static int var_static = 2;
// +extern int var_static;
// -static int var_zero;
// +extern int var_zero;
// -int var_first = 4, var_second, *var_third = &var_first;
// +extern int var_first, var_second, *var_third;
// -static int var_static_first = 5, var_static_second[2] = { 6, 7 }, *var_static_third = var_static_second;
// +extern int var_static_first, var_static_second[2], *var_static_third;
// -int var_sizes[] = { 1, 2, 3 };
// +extern int var_sizes[3];
// -static int var_matrix[][2] = { { 1, 2 }, { 3, 4 }, };
// +extern int var_matrix[2][2];
// -static const char *var_names[] = {
// -#define FEATURE(name, value) #name,
// -#include "features.h"
// -#undef FEATURE
// -	"a comma, and a semicolon; in a string", /* , ; */
// -};
// +extern const char *var_names[3];
// -static int (*var_function)(int) = fn_interface;
// +extern int (*var_function)(int);
// -static struct {
// +extern struct {
// -} var_anonymous = { .a = 1, .b = 2 };
// +} var_anonymous;
// -static struct var_tag {
// +extern struct var_tag {
// -} var_tagged = { .a = 3 }, var_tagged_array[2];
// +} var_tagged, var_tagged_array[2];
// -static struct var_tag var_later = { 4 };
// +extern struct var_tag var_later;
// -static union { int i; char c[4]; } var_union = { .i = 9 };
// +extern union { int i; char c[4]; } var_union;
// -int var_tentative;
// +extern int var_tentative;
// -int var_tentative = 11;
// +extern int var_tentative;
// -int var_tentative;
// +extern int var_tentative;
// -static int var_static_tentative;
// +extern int var_static_tentative;
// -static int var_static_tentative = 12;
// +extern int var_static_tentative;
// -static const int var_table[] = { 14, 15, 16, 17 };
// +extern const int var_table[4];
// -const int var_constant = 18;
// +extern const int var_constant;
// -static int const var_const_behind[3] = { 19, 20, 21 };
// +extern int const var_const_behind[3];
// -const static volatile int var_odd_order = 22;
// +const extern volatile int var_odd_order;
// -int var_attribute __read_mostly = 23;
// +extern int var_attribute __read_mostly;
// -static int __read_mostly var_attribute_before = 24;
// +extern int __read_mostly var_attribute_before;
// -__read_mostly static int var_attribute_first = 25;
// +__read_mostly extern int var_attribute_first;
// -static int var_aligned[2] __aligned(64) __read_mostly = { 26 };
// +extern int var_aligned[2] __aligned(64) __read_mostly;
// -static __aligned(16) struct var_tag var_aligned_tag = {
// -	.a = 27,	/* with a comment; and a semicolon */
// -};
// +extern __aligned(16) struct var_tag var_aligned_tag;
// -static int var_init __initdata = 28;
// +extern int var_init __initdata;
// -/* nothing does */
// -static int var_unused __maybe_unused = 29;
// -static int var_unused_one __maybe_unused, var_unused_two __maybe_unused;
// -static int __init var_init_user(void)
// -{
// -	return var_init;
// -}
// -late_initcall(var_init_user);
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// -DEFINE_PER_CPU(int, var_percpu) = 31;
// +DECLARE_PER_CPU(int, var_percpu);
// -static DEFINE_PER_CPU(struct private_stats, var_percpu_static);
// +DECLARE_PER_CPU(struct private_stats, var_percpu_static);
// -static DEFINE_PER_CPU(int [4], var_percpu_array);
// +DECLARE_PER_CPU(int [4], var_percpu_array);
// -static DEFINE_PER_CPU_SHARED_ALIGNED(struct private_stats, var_percpu_aligned) = {
// -	.waits = 1,
// -};
// +DECLARE_PER_CPU_SHARED_ALIGNED(struct private_stats, var_percpu_aligned);
// -DEFINE_STATIC_KEY_FALSE(var_key);
// +DECLARE_STATIC_KEY_FALSE(var_key);
// -static DEFINE_STATIC_KEY_TRUE(var_key_static);
// +DECLARE_STATIC_KEY_TRUE(var_key_static);
// -static DEFINE_MUTEX(var_mutex);
// +extern struct mutex var_mutex;
// -DEFINE_MUTEX(var_mutex_global);
// +extern struct mutex var_mutex_global;
// -static LIST_HEAD(var_list);
// +extern struct list_head var_list;
// -LIST_HEAD(var_list_global);
// +extern struct list_head var_list_global;
// +/* plugsched interface, keep the signature: its address is taken by var_work, so it is entered through a pointer */
// -static DECLARE_WORK(var_work, var_work_fn);
// +extern struct work var_work;
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// +/* plugsched interface, keep the signature: its address is taken by ops, so it is entered through a pointer */
// -	static int calls = 1;
// +	extern int var_local_one__calls asm("__vmlinux_calls__9");
// -	static int calls_two = 2, calls_three[] = { 3, 4 };
// +	extern int var_local_one__calls_two asm("__vmlinux_calls_two__8"), var_local_one__calls_three[2] asm("__vmlinux_calls_three__7");
// -	calls += x;
// +	var_local_one__calls += x;
// -	calls_three[x] += calls_two++;
// +	var_local_one__calls_three[x] += var_local_one__calls_two++;
// -	return calls;
// +	return var_local_one__calls;
// +/* plugsched interface, keep the signature: its address is taken by ops, so it is entered through a pointer */
// -	static int calls;
// +	extern int var_local_two__calls__146 asm("__vmlinux_calls__4");
// -		static int calls = 5; /* another one */
// +		extern int var_local_two__calls__149 asm("__vmlinux_calls__6"); /* another one */
// -		calls++;
// +		var_local_two__calls__149++;
// -	BLOCK(static int in_block = 6; in_block += x; calls += in_block;);
// +	BLOCK(extern int var_local_two__in_block asm("__vmlinux_in_block__5"); var_local_two__in_block += x; var_local_two__calls__146 += var_local_two__in_block;);
// -	return calls++ + say_once(x);
// +	return var_local_two__calls__146++ + say_once(x);
// -static noinline void __sched var_local_waits(int x)
// -{
// -	static int calls;
// -
// -	calls += x;
// -	schedule();
// -}
// +noinline void __sched var_local_waits(int x); /* stays in vmlinux: waits */
// -	static const struct ops ops = {
// -		.start = var_local_one,
// -		.stop = var_local_two,
// -	};
// +	extern const struct ops var_local_callback__ops asm("__vmlinux_ops__2");
// -	static struct private_stats stats;
// +	extern struct private_stats var_local_callback__stats asm("__vmlinux_stats__1");
// -	static struct private_stats *last = &stats;
// +	static struct private_stats *last = &var_local_callback__stats;
// -	register_ops(&ops);
// +	register_ops(&var_local_callback__ops);
// -	last->runs = stats.waits++;
// +	last->runs = var_local_callback__stats.waits++;
// +/* plugsched interface, keep the signature: the configuration says so */
