// SPDX-License-Identifier: MIT
/*
 * Damaged programs: execve() must refuse them or kill what it made of them,
 * and the caller must live.
 *
 * The good program is this one; each test changes a copy of it.
 */
#include "check.h"

#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char *self_path;
static unsigned char *good; /* this program's own file */
static size_t good_size;
static unsigned char *image; /* the copy under test */
static size_t image_size;

static void load_good(void)
{
	struct stat st;
	int fd = open(self_path, O_RDONLY);

	EXPECT_OK(fd);
	EXPECT_OK(fstat(fd, &st));
	good_size = (size_t)st.st_size;
	good = malloc(good_size);
	image = malloc(good_size);
	EXPECT(good && image);
	EXPECT_EQ(read(fd, good, good_size), good_size);
	close(fd);
	memcpy(image, good, good_size);
	image_size = good_size;
}

static Elf64_Ehdr *header(void)
{
	return (Elf64_Ehdr *)image;
}

static Elf64_Phdr *segment(int i)
{
	return (Elf64_Phdr *)(image + header()->e_phoff) + i;
}

/* The nth loadable segment. */
static Elf64_Phdr *loadable(int n)
{
	for (int i = 0; i < header()->e_phnum; i++)
		if (segment(i)->p_type == PT_LOAD && n-- == 0)
			return segment(i);
	check_fail("expected another loadable segment, got none");
}

static void write_image(void)
{
	int fd;

	unlink("prog");
	fd = open("prog", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	EXPECT_OK(fd);
	EXPECT_EQ(write(fd, image, image_size), image_size);
	EXPECT_OK(close(fd));
}

/* Wait status of running the image; errno of execve() as exit status. */
static int run_image(void)
{
	char *argv[] = { (char *)"prog", (char *)"-run", NULL };
	char *envp[] = { NULL };
	int status;
	pid_t pid;

	write_image();
	fflush(stdout);
	pid = fork();
	EXPECT_OK(pid);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		/* A damaged copy may print anything. */
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		alarm(10);
		execve("./prog", argv, envp);
		_exit(errno);
	}
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

static void start(void)
{
	check_enter_tmpdir();
	load_good();
}

static void expect_refused(void)
{
	int status = run_image();

	if (!WIFEXITED(status) || WEXITSTATUS(status) != ENOEXEC)
		check_fail("expected ENOEXEC, got wait status %#x", status);
}

/* Refused, or killed before it could do anything. */
static void expect_no_life(void)
{
	int status = run_image();

	if (WIFEXITED(status) && WEXITSTATUS(status) != ENOEXEC &&
	    WEXITSTATUS(status) != EINVAL && WEXITSTATUS(status) != ENOMEM &&
	    WEXITSTATUS(status) != EIO && WEXITSTATUS(status) != EFAULT)
		check_fail("expected a refusal, got status %d",
			   WEXITSTATUS(status));
}

static void unchanged_program_runs(void)
{
	start();
	EXPECT_EQ(run_image(), 77 << 8);
}

static void empty_and_tiny_files(void)
{
	static const size_t sizes[] = { 0, 1, 3, 4, 5, 15, 16, 40, 63 };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(sizes); i++) {
		image_size = sizes[i];
		expect_refused();
	}
}

static void wrong_magic(void)
{
	start();
	for (int i = 0; i < 4; i++) {
		memcpy(image, good, good_size);
		image[i] ^= 0x55;
		expect_refused();
	}
}

static void wrong_machine(void)
{
	static const uint16_t machines[] = { EM_NONE, EM_386, EM_ARM, EM_MIPS,
					     0xffff };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(machines); i++) {
		header()->e_machine = machines[i];
		expect_refused();
	}
}

static void wrong_type(void)
{
	static const uint16_t types[] = { ET_NONE, ET_REL, ET_CORE, 77 };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(types); i++) {
		header()->e_type = types[i];
		expect_refused();
	}
}

static void wrong_header_sizes(void)
{
	start();
	header()->e_phentsize = 1;
	expect_refused();
	header()->e_phentsize = 0xffff;
	expect_refused();
	memcpy(image, good, good_size);
	header()->e_phnum = 0;
	expect_refused();
	header()->e_phnum = 0xffff;
	expect_refused();
}

static void program_headers_out_of_the_file(void)
{
	static const uint64_t offsets[] = { 1UL << 20, 1UL << 40, 1UL << 62,
					    ~0UL, ~0UL - 63 };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(offsets); i++) {
		header()->e_phoff = offsets[i] + good_size;
		if (header()->e_phoff < good_size)
			header()->e_phoff = offsets[i];
		expect_no_life();
	}
}

static void truncated_programs(void)
{
	start();
	for (size_t part = 1; part < 8; part++) {
		image_size = good_size * part / 8;
		/* Without its data it cannot live; without less it might. */
		if (loadable(1)->p_offset >= image_size &&
		    header()->e_type == ET_EXEC)
			expect_no_life();
		else
			run_image();
	}
}

static void segment_larger_than_the_file(void)
{
	start();
	loadable(0)->p_filesz = 1UL << 40;
	loadable(0)->p_memsz = 1UL << 40;
	run_image(); /* fine where the address space is so large */
	loadable(0)->p_filesz = ~0UL;
	loadable(0)->p_memsz = ~0UL;
	expect_no_life();
}

static void file_size_above_memory_size(void)
{
	start();
	loadable(0)->p_filesz = loadable(0)->p_memsz + 4096;
	expect_no_life();
}

static void segments_in_kernel_space(void)
{
	static const uint64_t places[] = { 1UL << 38, 1UL << 47, 1UL << 63,
					   0xffffffc000000000UL,
					   0xfffffffffffff000UL };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(places); i++) {
		memcpy(image, good, good_size);
		loadable(0)->p_vaddr += places[i];
		expect_no_life();
	}
}

static void segments_that_wrap(void)
{
	start();
	loadable(0)->p_vaddr = ~0UL - 0xfff;
	loadable(0)->p_memsz = 0x10000;
	expect_no_life();
}

static void huge_bss(void)
{
	start();
	loadable(1)->p_memsz = 1UL << 37;
	/* May run: memory is given on demand.  It must not take the system. */
	run_image();
	loadable(1)->p_memsz = 1UL << 46;
	expect_no_life();
}

static void overlapping_segments(void)
{
	start();
	loadable(1)->p_vaddr = loadable(0)->p_vaddr;
	run_image(); /* whatever happens, it happens to that process */
}

static void misaligned_offsets(void)
{
	start();
	loadable(0)->p_offset += 1;
	expect_no_life();
}

static void entry_points_nowhere(void)
{
	static const uint64_t entries[] = { 0, 1, 1UL << 37, 1UL << 63, ~0UL };

	start();
	for (size_t i = 0; i < CHECK_ARRAY_SIZE(entries); i++) {
		int status;

		header()->e_entry = entries[i];
		status = run_image();
		EXPECT(WIFSIGNALED(status) || WEXITSTATUS(status) == ENOEXEC ||
		       WEXITSTATUS(status) == EINVAL);
	}
}

static void missing_interpreter(void)
{
	int status;

	start();
	loadable(0)->p_type = PT_INTERP;
	status = run_image();
	EXPECT(WIFSIGNALED(status) || WEXITSTATUS(status));
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Random damage to all headers: nothing is expected but survival. */
static void random_headers(void)
{
	size_t head = sizeof(Elf64_Ehdr) + 6 * sizeof(Elf64_Phdr);
	uint32_t seed = 12345;

	start();
	for (int round = 0; round < 100; round++) {
		memcpy(image, good, good_size);
		for (uint32_t i = next_random(&seed) % 8 + 1; i; i--)
			image[16 + next_random(&seed) % (head - 16)] =
				(unsigned char)next_random(&seed);
		run_image();
	}
}

static const struct check_test tests[] = {
	{ "unchanged_program_runs", unchanged_program_runs, 0 },
	{ "empty_and_tiny_files", empty_and_tiny_files, 0 },
	{ "wrong_magic", wrong_magic, 0 },
	{ "wrong_machine", wrong_machine, 0 },
	{ "wrong_type", wrong_type, 0 },
	{ "wrong_header_sizes", wrong_header_sizes, 0 },
	{ "program_headers_out_of_the_file", program_headers_out_of_the_file,
	  0 },
	{ "truncated_programs", truncated_programs, 0 },
	{ "segment_larger_than_the_file", segment_larger_than_the_file, 0 },
	{ "file_size_above_memory_size", file_size_above_memory_size, 0 },
	{ "segments_in_kernel_space", segments_in_kernel_space, 0 },
	{ "segments_that_wrap", segments_that_wrap, 0 },
	{ "huge_bss", huge_bss, 0 },
	{ "overlapping_segments", overlapping_segments, 0 },
	{ "misaligned_offsets", misaligned_offsets, 0 },
	{ "entry_points_nowhere", entry_points_nowhere, 0 },
	{ "missing_interpreter", missing_interpreter, 0 },
	{ "random_headers", random_headers, 300 },
};

int main(int argc, char **argv)
{
	/* A copy that was started: alive. */
	if (argc == 2 && strcmp(argv[1], "-run") == 0)
		_exit(77);
	self_path = argv[0][0] == '/' ? argv[0] : "/proc/self/exe";
	return check_main(argc, argv, tests, CHECK_ARRAY_SIZE(tests));
}
