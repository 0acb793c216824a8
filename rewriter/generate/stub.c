// SPDX-License-Identifier: GPL-2.0-only
/* The assembler code between vmlinux's __schedule and the module's. */
#include "rewriter/generate/generate.h"

void generate_springboard_stub(FILE *out, const struct generated *module)
{
	fprintf(out,
		"/* SPDX-License-Identifier: GPL-2.0-only */\n"
		"/*\n"
		" * A task that sleeps has vmlinux's __schedule on its stack, so it must not have anything of the module there. The entry of\n"
		" * vmlinux's __schedule leads to plugsched_schedule, which lays out the frame that vmlinux's would have, and calls the\n"
		" * module's. If that switches tasks, it calls plugsched_switch_to: the stack goes back to that frame, and vmlinux's own call\n"
		" * of __switch_to_asm does the rest. The task wakes in vmlinux's tail, which needs no more of the frame than what was laid\n"
		" * out: springboard.h has the proof.\n"
		" *\n"
		" * plugsched_frame is each CPU's: from the entry to the switch nothing else is scheduled there, as preemption is off.\n"
		" */\n"
		"#include <linux/linkage.h>\n"
		"#include <linux/objtool.h>\n"
		"#include <asm/asm.h>\n"
		"#include <asm/nospec-branch.h>\n"
		"#include <asm/percpu.h>\n\n"
		"#include \"springboard.h\"\n\n"
		"\t.text\n\n"
		"SYM_FUNC_START(plugsched_schedule)\n"
		"\tPLUGSCHED_SCHEDULE_ENTER\n"
		"\tmovq\t%%rsp, PER_CPU_VAR(plugsched_frame)\n"
		"\tcall\tplugsched_schedule_body\n"
		"\tPLUGSCHED_SCHEDULE_LEAVE\n"
		"\tRET\n"
		"SYM_FUNC_END(plugsched_schedule)\n\n"
		"/* prev in %%rdi, next in %%rsi; never returns to its caller */\n"
		"SYM_FUNC_START(plugsched_switch_to)\n"
		"\tmovq\tPER_CPU_VAR(plugsched_frame), %%rsp\n"
		"#if PLUGSCHED_SCHEDULE_HAS_FRAME_POINTER\n"
		"\tleaq\tPLUGSCHED_SCHEDULE_SUB + 8 * (PLUGSCHED_SCHEDULE_PUSH_COUNT - 1)(%%rsp), %%rbp\n"
		"#endif\n"
		"\tjmp\t%s + PLUGSCHED_SCHEDULE_SWITCH_OFFSET\n"
		"SYM_FUNC_END(plugsched_switch_to)\n"
		"STACK_FRAME_NON_STANDARD plugsched_switch_to /* it leaves another function's frame behind */\n"
		"#ifdef CONFIG_KPROBES\n"
		"_ASM_NOKPROBE(plugsched_switch_to) /* a return probe would never see it return */\n"
		"#endif\n",
		module->schedule_label);
}
