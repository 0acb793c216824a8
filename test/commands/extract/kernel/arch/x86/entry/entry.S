/* SPDX-License-Identifier: GPL-2.0-only */
	.text
	.globl startup, __switch_to_asm, __fentry__
	.type startup, @function
startup:
	call	enter
	call	__x64_sys_nice
	call	__x64_sys_nap
	call	__x64_sys_pause
	call	__x64_sys_count
	hlt
	.size startup, . - startup
	.type __switch_to_asm, @function
__switch_to_asm:
	movq	%rdi, %rax
	ret
	.size __switch_to_asm, . - __switch_to_asm
	.type __fentry__, @function
__fentry__:
	ret
	.size __fentry__, . - __fentry__
	.section .note.GNU-stack,"",@progbits
