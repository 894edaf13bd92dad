// SPDX-License-Identifier: MIT
/*
 * Memory: brk, mmap, mprotect, munmap, copy on write, stacks and faults.
 */
#include "check.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define PAGE 4096UL

static sigjmp_buf fault_jump;
static volatile siginfo_t fault_info;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	fault_info = *info;
	siglongjmp(fault_jump, sig);
}

static void catch_faults(void)
{
	struct sigaction action = {
		.sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO,
	};

	EXPECT_OK(sigaction(SIGSEGV, &action, NULL));
	EXPECT_OK(sigaction(SIGBUS, &action, NULL));
}

/* The signal that reading or writing a byte gives, 0 for none. */
static int fault_of_read(volatile char *at)
{
	int sig = sigsetjmp(fault_jump, 1);

	if (!sig)
		(void)*at;
	return sig;
}

static int fault_of_write(volatile char *at)
{
	int sig = sigsetjmp(fault_jump, 1);

	if (!sig)
		*at = 1;
	return sig;
}

static char *map_anonymous(size_t size, int protection)
{
	char *memory = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	if (memory == MAP_FAILED)
		check_fail("expected %zu bytes, got %s", size, strerror(errno));
	return memory;
}

static int make_file(const char *text, size_t size)
{
	int fd;

	check_enter_tmpdir();
	fd = open("f", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(fd);
	EXPECT_OK(ftruncate(fd, (off_t)size));
	EXPECT_EQ(pwrite(fd, text, strlen(text), 0), strlen(text));
	return fd;
}

static void brk_grows_and_shrinks(void)
{
	char *start = sbrk(0);

	EXPECT(syscall(SYS_brk, start + 10 * PAGE) ==
	       (long)(start + 10 * PAGE));
	memset(start, 0x5a, 10 * PAGE);
	EXPECT_EQ(start[10 * PAGE - 1], 0x5a);
	EXPECT(syscall(SYS_brk, start) == (long)start);
	/* What comes back after shrinking is clear again. */
	EXPECT(syscall(SYS_brk, start + PAGE) == (long)(start + PAGE));
	EXPECT_EQ(start[PAGE - 1], 0);
}

static void brk_refuses_the_impossible(void)
{
	char *now = sbrk(0);

	/* brk(2) itself returns the old break. */
	EXPECT(syscall(SYS_brk, 1UL << 62) == (long)now);
	EXPECT(syscall(SYS_brk, 1UL) == (long)now);
}

static void anonymous_memory_is_zero(void)
{
	char *memory = map_anonymous(64 * PAGE, PROT_READ | PROT_WRITE);

	for (size_t i = 0; i < 64 * PAGE; i += 512)
		EXPECT_EQ(memory[i], 0);
	memset(memory, 1, 64 * PAGE);
	EXPECT_OK(munmap(memory, 64 * PAGE));
}

static void munmap_takes_access_away(void)
{
	char *memory = map_anonymous(3 * PAGE, PROT_READ | PROT_WRITE);

	catch_faults();
	memset(memory, 1, 3 * PAGE);
	EXPECT_OK(munmap(memory + PAGE, PAGE));
	EXPECT_EQ(fault_of_read(memory), 0);
	EXPECT_EQ(fault_of_read(memory + PAGE), SIGSEGV);
	EXPECT_EQ(fault_info.si_code, SEGV_MAPERR);
	EXPECT(fault_info.si_addr == memory + PAGE);
	EXPECT_EQ(fault_of_read(memory + 2 * PAGE), 0);
	EXPECT_OK(munmap(memory, 3 * PAGE)); /* holes are no error */
}

static void munmap_checks_arguments(void)
{
	char *memory = map_anonymous(PAGE, PROT_READ);

	EXPECT_ERRNO(munmap(memory + 1, PAGE), EINVAL);
	EXPECT_ERRNO(munmap(memory, 0), EINVAL);
}

static void mmap_checks_arguments(void)
{
	int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

	EXPECT(mmap(NULL, 0, PROT_READ, anonymous, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EBADF);
	EXPECT((void *)syscall(SYS_mmap, 1, PAGE, PROT_READ,
			       anonymous | MAP_FIXED, -1, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
}

static void huge_mappings_fail(void)
{
	void *memory = mmap(NULL, 1UL << 60, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(memory == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
	memory =
		mmap(NULL, ~0UL, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(memory == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
}

static void fixed_mappings_replace(void)
{
	char *memory = map_anonymous(3 * PAGE, PROT_READ | PROT_WRITE);
	char *again;

	memset(memory, 7, 3 * PAGE);
	again = mmap(memory + PAGE, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	EXPECT(again == memory + PAGE);
	EXPECT_EQ(memory[0], 7);
	EXPECT_EQ(memory[PAGE], 0);
	EXPECT_EQ(memory[2 * PAGE], 7);
}

static void mprotect_changes_access(void)
{
	char *memory = map_anonymous(3 * PAGE, PROT_READ | PROT_WRITE);

	catch_faults();
	memset(memory, 3, 3 * PAGE);
	EXPECT_OK(mprotect(memory + PAGE, PAGE, PROT_READ));
	EXPECT_EQ(fault_of_read(memory + PAGE), 0);
	EXPECT_EQ(fault_of_write(memory + PAGE), SIGSEGV);
	EXPECT_EQ(fault_info.si_code, SEGV_ACCERR);
	EXPECT(fault_info.si_addr == memory + PAGE);
	EXPECT_EQ(fault_of_write(memory), 0);
	EXPECT_EQ(fault_of_write(memory + 2 * PAGE), 0);

	EXPECT_OK(mprotect(memory + PAGE, PAGE, PROT_NONE));
	EXPECT_EQ(fault_of_read(memory + PAGE), SIGSEGV);
	EXPECT_OK(mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(fault_of_write(memory + PAGE + 1), 0);
	EXPECT_EQ(memory[PAGE], 3);
	/* The C library would align the address. */
	EXPECT_ERRNO(syscall(SYS_mprotect, memory + 1, PAGE, PROT_READ),
		     EINVAL);
	EXPECT_OK(munmap(memory, PAGE));
	EXPECT_ERRNO(mprotect(memory, PAGE, PROT_READ), ENOMEM);
}

static void text_is_not_writable(void)
{
	catch_faults();
	EXPECT_EQ(fault_of_write((char *)(uintptr_t)text_is_not_writable),
		  SIGSEGV);
	EXPECT_EQ(fault_info.si_code, SEGV_ACCERR);
}

static void null_and_kernel_addresses_fault(void)
{
	volatile uintptr_t null = 0;

	catch_faults();
	EXPECT_EQ(fault_of_read((char *)null), SIGSEGV);
	EXPECT_EQ(fault_info.si_code, SEGV_MAPERR);
	EXPECT(fault_info.si_addr == NULL);
	EXPECT_EQ(fault_of_write((char *)null + 100), SIGSEGV);
	EXPECT_EQ(fault_of_read((char *)-4096L), SIGSEGV);
	EXPECT_EQ(fault_of_read((char *)(1UL << 63)), SIGSEGV);
}

static void data_is_not_executable(void)
{
	/* "ret" of RISC-V; other machines fault before they decode it. */
	static uint32_t code[] = { 0x00008067, 0x00008067 };
	int sig;

	catch_faults();
	sig = sigsetjmp(fault_jump, 1);
	if (!sig)
		((void (*)(void))(uintptr_t)code)();
	EXPECT_EQ(sig, SIGSEGV);
}

static void fork_copies_on_write(void)
{
	char *memory = map_anonymous(32 * PAGE, PROT_READ | PROT_WRITE);
	pid_t pid;

	memset(memory, 'p', 32 * PAGE);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 32; i++)
			EXPECT_EQ(memory[(size_t)i * PAGE], 'p');
		memset(memory, 'c', 32 * PAGE);
		_exit(memory[31 * PAGE] == 'c' ? 0 : 1);
	}
	memory[0] = 'q';
	check_exited(pid, 0);
	EXPECT_EQ(memory[0], 'q');
	EXPECT_EQ(memory[31 * PAGE], 'p');
	memset(memory, 'r', 32 * PAGE);
}

static void shared_memory_is_shared(void)
{
	char *memory = check_shared(4 * PAGE);
	pid_t pid = fork();

	if (pid == 0) {
		memory[0] = 'x';
		memory[3 * PAGE] = 'y';
		_exit(0);
	}
	check_exited(pid, 0);
	EXPECT_EQ(memory[0], 'x');
	EXPECT_EQ(memory[3 * PAGE], 'y');
}

static void private_file_mapping_is_private(void)
{
	int fd = make_file("hello", PAGE);
	char *memory =
		mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char byte;

	EXPECT(memory != MAP_FAILED);
	EXPECT(memcmp(memory, "hello", 6) == 0);
	memory[0] = 'J';
	EXPECT_EQ(pread(fd, &byte, 1, 0), 1);
	EXPECT_EQ(byte, 'h');
	EXPECT_EQ(memory[0], 'J');
}

static void shared_file_mapping_is_the_file(void)
{
	int fd = make_file("hello", 2 * PAGE);
	char *memory =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char byte;

	EXPECT(memory != MAP_FAILED);
	memory[0] = 'J';
	EXPECT_EQ(pread(fd, &byte, 1, 0), 1);
	EXPECT_EQ(byte, 'J');
	EXPECT_EQ(pwrite(fd, "Z", 1, 1), 1);
	EXPECT_EQ(memory[1], 'Z');
	memory[2 * PAGE - 1] = 'e';
	EXPECT_OK(msync(memory, 2 * PAGE, MS_SYNC));
	EXPECT_OK(munmap(memory, 2 * PAGE));
	EXPECT_EQ(pread(fd, &byte, 1, 2 * PAGE - 1), 1);
	EXPECT_EQ(byte, 'e');
}

static void file_mapping_with_offset(void)
{
	int fd = make_file("first", 2 * PAGE);
	char *memory;

	EXPECT_EQ(pwrite(fd, "second", 6, PAGE), 6);
	memory = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	EXPECT(memory != MAP_FAILED);
	EXPECT(memcmp(memory, "second", 6) == 0);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 100) == MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
}

static void beyond_the_end_is_sigbus(void)
{
	int fd = make_file("x", 10);
	char *memory = mmap(NULL, 3 * PAGE, PROT_READ, MAP_SHARED, fd, 0);

	EXPECT(memory != MAP_FAILED);
	catch_faults();
	EXPECT_EQ(fault_of_read(memory + 100), 0);
	EXPECT_EQ(memory[100], 0); /* the rest of the last page is clear */
	EXPECT_EQ(fault_of_read(memory + PAGE), SIGBUS);
	EXPECT_EQ(fault_info.si_code, BUS_ADRERR);
}

static void truncation_takes_pages_away(void)
{
	int fd = make_file("x", 2 * PAGE);
	char *memory =
		mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	EXPECT(memory != MAP_FAILED);
	catch_faults();
	memory[PAGE] = 1;
	EXPECT_OK(ftruncate(fd, (off_t)PAGE));
	EXPECT_EQ(fault_of_read(memory + PAGE), SIGBUS);
	EXPECT_OK(ftruncate(fd, (off_t)(2 * PAGE)));
	EXPECT_EQ(fault_of_read(memory + PAGE), 0);
	EXPECT_EQ(memory[PAGE], 0);
}

static void mappings_outlive_descriptors(void)
{
	int fd = make_file("still here", PAGE);
	char *memory = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);

	EXPECT(memory != MAP_FAILED);
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("f"));
	EXPECT(memcmp(memory, "still here", 10) == 0);
}

static void mapping_needs_the_right_access(void)
{
	int fd = make_file("x", PAGE);

	EXPECT_OK(close(fd));
	fd = open("f", O_RDONLY);
	EXPECT(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
	       MAP_FAILED);
	EXPECT_EQ(errno, EACCES);
	EXPECT(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) !=
	       MAP_FAILED);
	close(fd);
	fd = open("f", O_WRONLY);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED);
	EXPECT_EQ(errno, EACCES);
}

static int use_stack(int depth)
{
	volatile char room[8192];

	room[0] = (char)depth;
	room[8191] = (char)depth;
	if (!depth)
		return 0;
	return use_stack(depth - 1) + room[8191] - room[0];
}

static void stack_grows(void)
{
	EXPECT_EQ(use_stack(400), 0); /* 3.2 MiB */
}

static int overflow_stack(void *arg)
{
	(void)arg;
	return use_stack(1 << 30);
}

static void stack_overflow_is_sigsegv(void)
{
	check_signalled(check_child(overflow_stack, NULL), SIGSEGV);
}

static void faults_in_system_calls_are_efault(void)
{
	char *memory = map_anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
	int fd = make_file("0123456789", 10);

	EXPECT_OK(munmap(memory + PAGE, PAGE));
	EXPECT_ERRNO(read(fd, memory + PAGE, 5), EFAULT);
	EXPECT_ERRNO(write(fd, memory + PAGE, 5), EFAULT);
	EXPECT_OK(mprotect(memory, PAGE, PROT_READ));
	EXPECT_ERRNO(pread(fd, memory, 5, 0), EFAULT);
}

static void mremap_moves_and_grows(void)
{
	char *memory = map_anonymous(2 * PAGE, PROT_READ | PROT_WRITE);
	char *bigger;

	memory[0] = 'a';
	memory[PAGE] = 'b';
	bigger = mremap(memory, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
	if (bigger == MAP_FAILED && errno == ENOSYS)
		check_skip("no mremap");
	EXPECT(bigger != MAP_FAILED);
	EXPECT_EQ(bigger[0], 'a');
	EXPECT_EQ(bigger[PAGE], 'b');
	EXPECT_EQ(bigger[63 * PAGE], 0);
	EXPECT(mremap(bigger, 64 * PAGE, PAGE, 0) == bigger);
}

static void madvise_dontneed_clears(void)
{
	char *memory = map_anonymous(4 * PAGE, PROT_READ | PROT_WRITE);

	memset(memory, 1, 4 * PAGE);
	EXPECT_OK(madvise(memory + PAGE, PAGE, MADV_DONTNEED));
	EXPECT_EQ(memory[0], 1);
	EXPECT_EQ(memory[PAGE], 0);
	EXPECT_EQ(memory[2 * PAGE], 1);
}

static void address_space_limit_holds(void)
{
	struct rlimit limit = { 64 << 20, 64 << 20 };

	if (setrlimit(RLIMIT_AS, &limit))
		check_skip("no RLIMIT_AS");
	EXPECT(mmap(NULL, 256 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0) == MAP_FAILED);
	EXPECT_EQ(errno, ENOMEM);
}

static void many_mappings(void)
{
	char *pages[500];

	for (int i = 0; i < 500; i++) {
		/* Changing protections keep neighbours from merging. */
		pages[i] = map_anonymous(PAGE, i & 1 ? PROT_READ
						     : PROT_READ | PROT_WRITE);
		if (!(i & 1))
			pages[i][0] = (char)i;
	}
	for (int i = 0; i < 500; i += 2)
		EXPECT_EQ(pages[i][0], (char)i);
	for (int i = 0; i < 500; i++)
		EXPECT_OK(munmap(pages[i], PAGE));
}

static const struct check_test tests[] = {
	{ "brk_grows_and_shrinks", brk_grows_and_shrinks, 0 },
	{ "brk_refuses_the_impossible", brk_refuses_the_impossible, 0 },
	{ "anonymous_memory_is_zero", anonymous_memory_is_zero, 0 },
	{ "munmap_takes_access_away", munmap_takes_access_away, 0 },
	{ "munmap_checks_arguments", munmap_checks_arguments, 0 },
	{ "mmap_checks_arguments", mmap_checks_arguments, 0 },
	{ "huge_mappings_fail", huge_mappings_fail, 0 },
	{ "fixed_mappings_replace", fixed_mappings_replace, 0 },
	{ "mprotect_changes_access", mprotect_changes_access, 0 },
	{ "text_is_not_writable", text_is_not_writable, 0 },
	{ "null_and_kernel_addresses_fault", null_and_kernel_addresses_fault,
	  0 },
	{ "data_is_not_executable", data_is_not_executable, 0 },
	{ "fork_copies_on_write", fork_copies_on_write, 0 },
	{ "shared_memory_is_shared", shared_memory_is_shared, 0 },
	{ "private_file_mapping_is_private", private_file_mapping_is_private,
	  0 },
	{ "shared_file_mapping_is_the_file", shared_file_mapping_is_the_file,
	  0 },
	{ "file_mapping_with_offset", file_mapping_with_offset, 0 },
	{ "beyond_the_end_is_sigbus", beyond_the_end_is_sigbus, 0 },
	{ "truncation_takes_pages_away", truncation_takes_pages_away, 0 },
	{ "mappings_outlive_descriptors", mappings_outlive_descriptors, 0 },
	{ "mapping_needs_the_right_access", mapping_needs_the_right_access, 0 },
	{ "stack_grows", stack_grows, 0 },
	{ "stack_overflow_is_sigsegv", stack_overflow_is_sigsegv, 0 },
	{ "faults_in_system_calls_are_efault",
	  faults_in_system_calls_are_efault, 0 },
	{ "mremap_moves_and_grows", mremap_moves_and_grows, 0 },
	{ "madvise_dontneed_clears", madvise_dontneed_clears, 0 },
	{ "address_space_limit_holds", address_space_limit_holds, 0 },
	{ "many_mappings", many_mappings, 0 },
};

CHECK_MAIN(tests)
