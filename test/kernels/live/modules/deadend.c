// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread of whose stack only a part can be seen: insmod deadend.ko place=ADDRESS of
 * ret_from_fork. It sleeps in a function that seems to return to where threads begin, so the
 * unwinder reports success without seeing the callers. Preempted tasks can be in this state,
 * because for some places in the kernel the unwinder's tables say that a stack begins there. With
 * above=ADDRESS, the address of the second byte of that function is further up on the stack, as if
 * the function had called.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/objtool.h>

static unsigned long place;
module_param(place, ulong, 0444);

static unsigned long above;
module_param(above, ulong, 0444);

static DECLARE_COMPLETION(ended);
static bool is_over;

/* Never returns, because there is nothing to return to. */
void deadend_wait(void);
void deadend_wait(void)
{
	while (!READ_ONCE(is_over))
		msleep(10);
	kthread_complete_and_exit(&ended, 0);
}

struct addresses {
	unsigned long above, place;
};
static struct addresses addresses;

/*
 * The unwinder looks up the instruction before the return address: that must be the
 * first one of ret_from_fork.
 */
int deadend_begin(void *addresses);
asm(".pushsection .text\n"
    "\t.type deadend_begin, @function\n"
    "deadend_begin:\n"
    "\tendbr64\n"
    "\tpushq (%rdi)\n"
    "\tpushq 8(%rdi)\n"
    "\tjmp deadend_wait\n"
    "\t.size deadend_begin, . - deadend_begin\n"
    "\t.popsection\n");
STACK_FRAME_NON_STANDARD(deadend_begin);

static int __init begin(void)
{
	addresses = (struct addresses){ above ? above + 1 : 0, place + 1 };
	return PTR_ERR_OR_ZERO(kthread_run(deadend_begin, &addresses, "deadend"));
}

static void __exit end(void)
{
	WRITE_ONCE(is_over, true);
	wait_for_completion(&ended);
}

module_init(begin);
module_exit(end);
MODULE_LICENSE("GPL");
