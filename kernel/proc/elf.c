// SPDX-License-Identifier: MIT
/*
 * Checking ELF programs.  See elf.h; the rules are those of the System V gABI,
 * chapter 5 ("Program Loading"), kept strictly: what a linker never makes is
 * refused.  No state, no memory of its own.
 */
#include <proc/elf.h>

#include <string.h>

#include <lib/errno.h>

#define ELF_PAGE 4096ull

int elf_check_header(const void *data, size_t len, uint64_t file_size,
		     struct elf_image *image)
{
	struct elf64_hdr header;
	uint64_t table_size;

	if (len < sizeof(header))
		return -ENOEXEC;
	memcpy(&header, data, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    header.e_ident[EI_VERSION] != EV_CURRENT)
		return -ENOEXEC;
	if (header.e_machine != EM_RISCV ||
	    (header.e_type != ET_EXEC && header.e_type != ET_DYN))
		return -ENOEXEC;
	if (header.e_phentsize != sizeof(struct elf64_phdr) ||
	    !header.e_phnum || header.e_phnum > ELF_PHDRS_MAX)
		return -ENOEXEC;
	table_size = header.e_phnum * sizeof(struct elf64_phdr);
	if (table_size > file_size || header.e_phoff > file_size - table_size)
		return -ENOEXEC;

	memset(image, 0, sizeof(*image));
	image->is_dynamic = header.e_type == ET_DYN;
	image->entry = header.e_entry;
	image->phdr_offset = header.e_phoff;
	image->nr_phdrs = header.e_phnum;
	return 0;
}

static bool range_is_in_file(uint64_t offset, uint64_t size, uint64_t file_size)
{
	return size <= file_size && offset <= file_size - size;
}

static int add_segment(const struct elf64_phdr *phdr, uint64_t file_size,
		       uint64_t low_limit, uint64_t high_limit,
		       struct elf_image *image)
{
	struct elf_segment *segment = &image->segments[image->nr_segments];
	uint64_t page_end;

	if (!phdr->p_memsz)
		return 0;
	if (image->nr_segments == ELF_SEGMENTS_MAX)
		return -ENOEXEC;
	if (phdr->p_filesz > phdr->p_memsz ||
	    !range_is_in_file(phdr->p_offset, phdr->p_filesz, file_size))
		return -ENOEXEC;
	if ((phdr->p_vaddr ^ phdr->p_offset) % ELF_PAGE)
		return -ENOEXEC;
	if (phdr->p_vaddr < low_limit || phdr->p_memsz > high_limit ||
	    phdr->p_vaddr > high_limit - phdr->p_memsz)
		return -ENOEXEC;
	/*
	 * The last page of one may be the first of the next, as ld packs them.
	 */
	if (image->nr_segments &&
	    phdr->p_vaddr < segment[-1].vaddr + segment[-1].mem_size)
		return -ENOEXEC;

	*segment = (struct elf_segment){
		.vaddr = phdr->p_vaddr,
		.mem_size = phdr->p_memsz,
		.file_size = phdr->p_filesz,
		.offset = phdr->p_offset,
		.flags = phdr->p_flags & (PF_R | PF_W | PF_X),
	};
	if (!image->nr_segments)
		image->low = ALIGN_DOWN(phdr->p_vaddr, ELF_PAGE);
	page_end = ALIGN_UP(phdr->p_vaddr + phdr->p_memsz, ELF_PAGE);
	image->high = page_end;
	image->nr_segments++;
	return 0;
}

static int set_interp(const struct elf64_phdr *phdr, uint64_t file_size,
		      struct elf_image *image)
{
	if (image->interp_size || phdr->p_filesz < 2 ||
	    phdr->p_filesz > ELF_INTERP_MAX ||
	    !range_is_in_file(phdr->p_offset, phdr->p_filesz, file_size))
		return -ENOEXEC;
	image->interp_offset = phdr->p_offset;
	image->interp_size = phdr->p_filesz;
	return 0;
}

/*
 * Where the program headers appear in memory: inside the segment that has
 * them.
 */
static void find_phdrs_in_memory(struct elf_image *image)
{
	uint64_t size = image->nr_phdrs * sizeof(struct elf64_phdr);

	for (unsigned i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if (image->phdr_offset >= segment->offset &&
		    image->phdr_offset - segment->offset <=
			    segment->file_size &&
		    size <= segment->file_size -
				    (image->phdr_offset - segment->offset)) {
			image->phdr_vaddr = segment->vaddr +
					    image->phdr_offset -
					    segment->offset;
			return;
		}
	}
}

/* A program that starts where it has no code is broken. */
static bool entry_is_code(const struct elf_image *image)
{
	for (unsigned i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		if ((segment->flags & PF_X) && image->entry >= segment->vaddr &&
		    image->entry - segment->vaddr < segment->file_size)
			return true;
	}
	return false;
}

int elf_parse_phdrs(const struct elf64_phdr *phdrs, uint64_t file_size,
		    uint64_t low_limit, uint64_t high_limit,
		    struct elf_image *image)
{
	int ret = 0;

	if (image->is_dynamic) {
		high_limit -= low_limit;
		low_limit = 0;
	}
	for (unsigned i = 0; !ret && i < image->nr_phdrs; i++) {
		const struct elf64_phdr *phdr = &phdrs[i];

		if (phdr->p_type == PT_LOAD)
			ret = add_segment(phdr, file_size, low_limit,
					  high_limit, image);
		else if (phdr->p_type == PT_INTERP)
			ret = set_interp(phdr, file_size, image);
		else if (phdr->p_type == PT_GNU_STACK)
			image->exec_stack = phdr->p_flags & PF_X;
	}
	if (ret)
		return ret;
	if (!image->nr_segments || !entry_is_code(image))
		return -ENOEXEC;
	find_phdrs_in_memory(image);
	return 0;
}
