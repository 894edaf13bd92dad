// SPDX-License-Identifier: MIT
/*
 * The ELF checker: kernel/proc/elf.c.  Whatever the bytes are, what it lets
 * through must be safe to map, which check_promises() states.
 */
#include "unit.h"

#include <proc/elf.h>

#include <lib/errno.h>

#define LOW       0x10000ull
#define HIGH      0x4000000000ull
#define FILE_SIZE 0x3000ull

struct program {
	struct elf64_hdr header;
	struct elf64_phdr phdrs[4];
};

/* A text segment with everything in front, data with some zeros behind. */
static struct program make_program(void)
{
	struct program program = {
		.header = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64,
				     ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = EM_RISCV,
			.e_version = EV_CURRENT,
			.e_entry = 0x10200,
			.e_phoff = sizeof(struct elf64_hdr),
			.e_phentsize = sizeof(struct elf64_phdr),
			.e_phnum = 2,
		},
		.phdrs = {
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			  .p_vaddr = 0x10000, .p_filesz = 0x1800,
			  .p_memsz = 0x1800 },
			{ .p_type = PT_LOAD, .p_flags = PF_R | PF_W,
			  .p_offset = 0x1800, .p_vaddr = 0x12800,
			  .p_filesz = 0x800, .p_memsz = 0x2000 },
		},
	};

	return program;
}

static int check(const struct program *program, struct elf_image *image)
{
	int ret = elf_check_header(program, sizeof(*program), FILE_SIZE, image);

	/*
	 * The table is in program when the header says that it is right there.
	 */
	if (ret || image->nr_phdrs > 4)
		return ret ? ret : -ENOEXEC;
	return elf_parse_phdrs(program->phdrs, FILE_SIZE, LOW, HIGH, image);
}

/* What exec relies on when it maps an image. */
static void check_promises(const struct elf_image *image)
{
	uint64_t high = image->is_dynamic ? HIGH - LOW : HIGH;
	uint64_t end = 0;

	EXPECT(image->nr_segments > 0);
	EXPECT(image->low % 4096 == 0 && image->high % 4096 == 0);
	EXPECT(image->low < image->high && image->high <= high);
	for (unsigned i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		EXPECT(segment->mem_size > 0);
		EXPECT(segment->file_size <= segment->mem_size);
		EXPECT(segment->offset <= FILE_SIZE &&
		       segment->file_size <= FILE_SIZE - segment->offset);
		EXPECT(segment->vaddr >= end && segment->vaddr < high);
		EXPECT((segment->vaddr - segment->offset) % 4096 == 0);
		end = segment->vaddr + segment->mem_size;
		EXPECT(end <= high);
	}
	EXPECT(image->interp_size <= ELF_INTERP_MAX);
}

TEST(good_program_is_accepted)
{
	struct program program = make_program();
	struct elf_image image;

	EXPECT_EQ(check(&program, &image), 0);
	check_promises(&image);
	EXPECT_EQ(image.nr_segments, 2);
	EXPECT_EQ(image.low, 0x10000);
	EXPECT_EQ(image.high, 0x15000);
	EXPECT_EQ(image.phdr_vaddr, 0x10000 + sizeof(struct elf64_hdr));
	EXPECT(!image.is_dynamic && !image.exec_stack);
}

/* Each case spoils one thing of the good program. */
#define SPOILED(name, change)                                                  \
	TEST(name)                                                             \
	{                                                                      \
		struct program program = make_program();                       \
		struct elf_image image;                                        \
                                                                               \
		change;                                                        \
		EXPECT_EQ(check(&program, &image), -ENOEXEC);                  \
	}

SPOILED(wrong_magic, program.header.e_ident[1] = 'e')
SPOILED(wrong_class, program.header.e_ident[EI_CLASS] = ELFCLASS32)
SPOILED(wrong_endianness, program.header.e_ident[EI_DATA] = ELFDATA2MSB)
SPOILED(wrong_machine, program.header.e_machine = EM_X86_64)
SPOILED(object_file, program.header.e_type = ET_REL)
SPOILED(wrong_phdr_size, program.header.e_phentsize = 32)
SPOILED(no_phdrs, program.header.e_phnum = 0)
SPOILED(too_many_phdrs, program.header.e_phnum = 65535)
SPOILED(phdrs_beyond_the_file, program.header.e_phoff = FILE_SIZE - 8)
SPOILED(phdr_offset_wraps, program.header.e_phoff = UINT64_MAX - 8)
SPOILED(no_segments,
	program.phdrs[0].p_type = program.phdrs[1].p_type = PT_NOTE)
SPOILED(segment_beyond_the_file, program.phdrs[1].p_offset = FILE_SIZE)
SPOILED(segment_offset_wraps, program.phdrs[1].p_offset = UINT64_MAX - 0x7ff)
SPOILED(file_larger_than_memory, program.phdrs[1].p_memsz = 0x7ff)
SPOILED(misaligned_segment, program.phdrs[1].p_vaddr += 8)
SPOILED(segment_at_zero, program.phdrs[0].p_vaddr = 0)
SPOILED(segment_in_the_kernel, program.phdrs[1].p_vaddr = 0xffffffff80000800)
SPOILED(segment_over_the_top, program.phdrs[1].p_memsz = HIGH)
SPOILED(segment_size_wraps, program.phdrs[1].p_memsz = UINT64_MAX)
SPOILED(segments_overlap, program.phdrs[1].p_vaddr = 0x10800)
SPOILED(segments_fall, program.phdrs[0].p_vaddr = 0x20000)
SPOILED(entry_outside, program.header.e_entry = 0x20000)
SPOILED(entry_in_data, program.header.e_entry = 0x12900)

TEST(interpreter_is_found_and_bounded)
{
	struct program program = make_program();
	struct elf_image image;

	program.header.e_phnum = 3;
	program.header.e_type = ET_DYN;
	program.phdrs[2] = (struct elf64_phdr){ .p_type = PT_INTERP,
						.p_offset = 0x300,
						.p_filesz = 20 };
	EXPECT_EQ(check(&program, &image), 0);
	EXPECT(image.is_dynamic);
	EXPECT_EQ(image.interp_offset, 0x300);
	EXPECT_EQ(image.interp_size, 20);

	program.phdrs[2].p_filesz = ELF_INTERP_MAX + 1;
	EXPECT_EQ(check(&program, &image), -ENOEXEC);
	program.phdrs[2].p_filesz = 1;
	EXPECT_EQ(check(&program, &image), -ENOEXEC);
}

TEST(short_files_are_refused)
{
	struct program program = make_program();
	struct elf_image image;

	for (size_t len = 0; len < sizeof(program.header); len++)
		EXPECT_EQ(elf_check_header(&program, len, len, &image),
			  -ENOEXEC);
}

/* Values that break comparisons, at random places of a good program. */
static void spoil(struct program *program)
{
	static const uint64_t values[] = {
		0,         1,          4095,
		4096,      FILE_SIZE,  FILE_SIZE + 1,
		LOW - 1,   HIGH - 1,   HIGH,
		INT64_MAX, UINT64_MAX, UINT64_MAX - 4095,
	};
	size_t offset = (size_t)rand() % (sizeof(*program) - 8);
	uint64_t value = values[(size_t)rand() % (sizeof(values) / 8)];

	if (rand() % 2)
		((uint8_t *)program)[offset] = (uint8_t)rand();
	else
		memcpy((uint8_t *)program + (offset & ~7ul), &value, 8);
}

TEST(random_programs_keep_the_promises)
{
	unsigned accepted = 0;

	srand(1);
	for (int i = 0; i < 200000; i++) {
		struct program program = make_program();
		struct elf_image image;

		for (int n = rand() % 4; n >= 0; n--)
			spoil(&program);
		if (check(&program, &image) == 0) {
			check_promises(&image);
			accepted++;
		}
	}
	EXPECT(accepted > 1000);
}
