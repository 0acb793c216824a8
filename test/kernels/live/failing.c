// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes one system call in which the kernel lets the Nth allocation fail, by its fault injection
 * (/proc/self/fail-nth).
 *
 *   failing N FILE         init_module() with FILE
 *   failing N FILE TEXT    write() of TEXT to FILE
 *
 * Prints "reached", or "beyond" if there were fewer than N allocations; and
 * "ok" or the call's error.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_or_end(const char *path, int flags)
{
	int file = open(path, flags);

	if (file >= 0)
		return file;
	perror(path);
	exit(2);
}

static long left(int nth)
{
	char text[32] = "";

	return pread(nth, text, sizeof(text) - 1, 0) > 0 ? atol(text) : -1;
}

static void order(int nth, const char *number)
{
	if (pwrite(nth, number, strlen(number), 0) < 0) {
		perror("/proc/self/fail-nth");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct stat status;
	int nth, file, cause;
	long result, rest;
	void *image;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: failing N FILE [TEXT]\n");
		return 2;
	}
	nth = open_or_end("/proc/self/fail-nth", O_RDWR);
	file = open_or_end(argv[2], argc == 4 ? O_WRONLY : O_RDONLY);
	fstat(file, &status);
	image = argc == 4 ? NULL
			  : mmap(NULL, (size_t)status.st_size, PROT_READ,
				 MAP_PRIVATE | MAP_POPULATE, file, 0);
	order(nth, argv[1]);
	result = argc == 4 ? write(file, argv[3], strlen(argv[3]))
			   : syscall(SYS_init_module, image, status.st_size, "");
	cause = errno;
	rest = left(nth);
	order(nth, "0");
	printf("%s %s\n", rest ? "beyond" : "reached", result < 0 ? strerror(cause) : "ok");
	return 0;
}
