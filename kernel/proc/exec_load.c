// SPDX-License-Identifier: MIT
/*
 * Loading an ELF program into a new address space, and its first stack.
 *
 * From the top of user memory down: vDSO, the stack, libraries and other
 * mmap()s; at two thirds programs that may lie anywhere (ET_DYN), with their
 * heap behind.  Program Loading of the gABI, and Process Initialization of the
 * RISC-V psABI for the stack.
 *
 * The address space is not visible to anyone else yet.
 */
#include <string.h>

#include <linux/auxvec.h>
#include <linux/mman.h>
#include <linux/personality.h>

#include <arch/layout.h>
#include <core/alloc.h>
#include <dev/random.h>
#include <fs/file.h>
#include <fs/inode.h>
#include <lib/errno.h>
#include <mm/mm.h>
#include <proc/hwcap.h>
#include <proc/task.h>
#include <proc/vdso.h>

#include "exec_internal.h"

#define USER_LOW      0x10000ul /* nothing is mapped below, so NULL faults */
#define DYNAMIC_BASE  0x2aaaaaa000ul
#define STACK_TOP     (USER_TOP - 0x10000)
#define RANDOM_PAGES  0x4000ul /* 64 MiB */
#define STACK_GAP_MIN (16ul << 20)
#define USER_HZ       100

/* --- Reading headers ------------------------------------------------- */

int exec_read_elf(struct file *file, const char *head, size_t head_len,
		  struct elf_image *image)
{
	uint64_t size = (uint64_t)inode_size(file->inode);
	struct elf64_phdr *phdrs;
	ssize_t len, want;
	int ret = elf_check_header(head, head_len, size, image);

	if (ret)
		return ret;
	want = (ssize_t)(image->nr_phdrs * sizeof(*phdrs));
	phdrs = kmalloc((size_t)want);
	if (!phdrs)
		return -ENOMEM;
	len = file_read_kernel(file, phdrs, (size_t)want,
			       (off_t)image->phdr_offset);
	if (len == want)
		ret = elf_parse_phdrs(phdrs, size, USER_LOW,
				      DYNAMIC_BASE * 3 / 2, image);
	else
		ret = len < 0 ? (int)len : -ENOEXEC;
	kfree(phdrs);
	return ret;
}

int exec_read_interp(struct file *file, const struct elf_image *image,
		     char *buf)
{
	ssize_t len = file_read_kernel(file, buf, image->interp_size,
				       (off_t)image->interp_offset);

	if (len < 0)
		return (int)len;
	if ((uint64_t)len != image->interp_size || buf[len - 1])
		return -ENOEXEC;
	return 0;
}

/* --- Segments -------------------------------------------------------- */

static unsigned segment_prot(const struct elf_segment *segment)
{
	unsigned prot = 0;

	if (segment->flags & PF_R)
		prot |= PROT_READ;
	if (segment->flags & PF_W)
		prot |= PROT_WRITE;
	if (segment->flags & PF_X)
		prot |= PROT_EXEC;
	return prot;
}

/* The rest of the last page of the file part belongs to the file: clear it. */
static int clear_tail(struct mm *mm, uintptr_t start)
{
	static const char zeros[256];
	uintptr_t end = ALIGN_UP(start, PAGE_SIZE);

	while (start < end) {
		size_t n = MIN(sizeof(zeros), end - start);

		if (mm_access(mm, start, (void *)zeros, n, true) != (ssize_t)n)
			return -ENOMEM;
		start += n;
	}
	return 0;
}

static int map_fixed(struct mm *mm, uintptr_t start, uintptr_t end,
		     unsigned prot, struct file *file, uint64_t offset)
{
	unsigned flags = MAP_PRIVATE | MAP_FIXED | (file ? 0 : MAP_ANONYMOUS);
	long ret;

	if (start >= end)
		return 0;
	ret = mm_map(mm, start, end - start, prot, flags, file, offset);
	return ret < 0 ? (int)ret : 0;
}

static int map_segment(struct mm *mm, struct file *file,
		       const struct elf_segment *segment, uint64_t bias)
{
	uintptr_t start = bias + segment->vaddr;
	uintptr_t file_end = start + segment->file_size;
	uintptr_t mem_end = ALIGN_UP(start + segment->mem_size, PAGE_SIZE);
	unsigned prot = segment_prot(segment);
	uintptr_t first = ALIGN_DOWN(start, PAGE_SIZE);
	uintptr_t middle =
		segment->file_size ? ALIGN_UP(file_end, PAGE_SIZE) : first;
	int ret;

	ret = map_fixed(mm, first, middle, prot, file,
			ALIGN_DOWN(segment->offset, PAGE_SIZE));
	if (ret)
		return ret;
	if (segment->mem_size > segment->file_size && segment->file_size &&
	    (prot & PROT_WRITE)) {
		ret = clear_tail(mm, file_end);
		if (ret)
			return ret;
	}
	return map_fixed(mm, middle, mem_end, prot, NULL, 0);
}

static int map_image(struct mm *mm, struct file *file,
		     const struct elf_image *image, uint64_t bias)
{
	for (unsigned i = 0; i < image->nr_segments; i++) {
		int ret = map_segment(mm, file, &image->segments[i], bias);

		if (ret)
			return ret;
	}
	return 0;
}

static uint64_t random_offset(uint64_t nr_pages)
{
	uint32_t value;

	if (current->personality & ADDR_NO_RANDOMIZE)
		return 0;
	random_bytes(&value, sizeof(value));
	return value % nr_pages * PAGE_SIZE;
}

/* The interpreter goes wherever an mmap() of its size would. */
static int load_interp(struct exec *exec)
{
	const struct elf_image *image = &exec->interp_image;
	long base = 0;

	if (image->is_dynamic)
		base = mm_map(exec->mm, 0, image->high - image->low, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0);
	if (base < 0)
		return (int)base;
	exec->interp_bias = image->is_dynamic ? (uint64_t)base - image->low : 0;
	exec->entry = image->entry + exec->interp_bias;
	return map_image(exec->mm, exec->interp, image, exec->interp_bias);
}

int exec_load(struct exec *exec)
{
	const struct elf_image *image = &exec->image;
	struct mm *mm = exec->mm;
	uint64_t stack =
		MIN(MAX(rlimit_get(RLIMIT_STACK), STACK_GAP_MIN), USER_TOP / 6);
	int ret;

	mm->stack_top = STACK_TOP - random_offset(RANDOM_PAGES);
	mm->mmap_top = ALIGN_DOWN(mm->stack_top - stack - PAGE_SIZE, PAGE_SIZE);
	if (image->is_dynamic)
		exec->bias = DYNAMIC_BASE + random_offset(RANDOM_PAGES);
	exec->entry = image->entry + exec->bias;
	ret = map_image(mm, exec->file, image, exec->bias);
	if (ret)
		return ret;
	mm->brk_start = image->high + exec->bias;
	mm->brk = mm->brk_start;
	ret = vdso_map(mm);
	if (ret)
		return ret;
	return exec->interp ? load_interp(exec) : 0;
}

/* --- The stack ------------------------------------------------------- */

/* An auxiliary vector in the making. */
struct auxv {
	uint64_t *at; /* in mm->auxv */
	unsigned n;
};

static void auxv_add(struct auxv *auxv, uint64_t type, uint64_t value)
{
	auxv->at[auxv->n++] = type;
	auxv->at[auxv->n++] = value;
}

static void fill_auxv(struct exec *exec, struct auxv *auxv, uintptr_t name,
		      uintptr_t random)
{
	const struct cred *cred = current_cred();
	const struct elf_image *image = &exec->image;

	auxv_add(auxv, AT_SYSINFO_EHDR, VDSO_ADDR);
	auxv_add(auxv, AT_HWCAP, user_hwcap());
	auxv_add(auxv, AT_PAGESZ, PAGE_SIZE);
	auxv_add(auxv, AT_CLKTCK, USER_HZ);
	auxv_add(auxv, AT_PHDR,
		 image->phdr_vaddr ? image->phdr_vaddr + exec->bias : 0);
	auxv_add(auxv, AT_PHENT, sizeof(struct elf64_phdr));
	auxv_add(auxv, AT_PHNUM, image->nr_phdrs);
	auxv_add(auxv, AT_BASE, exec->interp ? exec->interp_bias : 0);
	auxv_add(auxv, AT_FLAGS, 0);
	auxv_add(auxv, AT_ENTRY, image->entry + exec->bias);
	auxv_add(auxv, AT_UID, cred->uid);
	auxv_add(auxv, AT_EUID, exec->euid);
	auxv_add(auxv, AT_GID, cred->gid);
	auxv_add(auxv, AT_EGID, exec->egid);
	auxv_add(auxv, AT_SECURE, exec->secure);
	auxv_add(auxv, AT_RANDOM, random);
	auxv_add(auxv, AT_EXECFN, name);
	auxv_add(auxv, AT_MINSIGSTKSZ, USER_MINSIGSTKSZ);
	auxv_add(auxv, AT_NULL, 0);
	static_assert(sizeof(((struct mm *)0)->auxv) >= 19 * 16, "all fit");
}

static int put_words(struct mm *mm, uintptr_t *at, const uint64_t *words,
		     size_t n)
{
	size_t len = n * sizeof(*words);

	if (mm_access(mm, *at, (void *)words, len, true) != (ssize_t)len)
		return -ENOMEM;
	*at += len;
	return 0;
}

/*
 * Pointers to n strings from offset on, and a NULL; *offset moves behind them.
 */
static int put_pointers(struct exec *exec, uintptr_t *at, uintptr_t strings,
			size_t *offset, unsigned n)
{
	uint64_t batch[16];
	unsigned filled = 0;
	int ret;

	for (unsigned i = 0; i <= n; i++) {
		batch[filled++] = i < n ? strings + *offset : 0;
		if (i < n)
			*offset += exec_args_string_len(&exec->args, *offset);
		if (filled < ARRAY_SIZE(batch) && i < n)
			continue;
		ret = put_words(exec->mm, at, batch, filled);
		if (ret)
			return ret;
		filled = 0;
	}
	return 0;
}

/* From sp up: argc, argv, NULL, envp, NULL, auxv. */
static int put_vectors(struct exec *exec, uintptr_t strings,
		       const struct auxv *auxv)
{
	const struct exec_args *args = &exec->args;
	uint64_t argc = args->argc;
	uintptr_t at = exec->sp;
	size_t offset = 0;
	int ret;

	if ((ret = put_words(exec->mm, &at, &argc, 1)) ||
	    (ret = put_pointers(exec, &at, strings, &offset, args->argc)) ||
	    (ret = put_pointers(exec, &at, strings, &offset, args->envc)))
		return ret;
	return put_words(exec->mm, &at, auxv->at, auxv->n);
}

static int put_bytes(struct mm *mm, uintptr_t at, const void *bytes, size_t len)
{
	return mm_access(mm, at, (void *)bytes, len, true) == (ssize_t)len
		       ? 0
		       : -ENOMEM;
}

int exec_make_stack(struct exec *exec)
{
	const struct exec_args *args = &exec->args;
	struct mm *mm = exec->mm;
	size_t name_len = strlen(exec->name) + 1;
	uintptr_t top = mm->stack_top - sizeof(uint64_t);
	uintptr_t name = top - name_len;
	uintptr_t strings = name - args->len;
	uintptr_t random = ALIGN_DOWN(strings, 16) - 16;
	size_t vectors = (args->argc + args->envc + 3ul) * sizeof(uint64_t) +
			 sizeof(mm->auxv);
	struct auxv auxv = { .at = mm->auxv };
	uint8_t seed[16];
	int ret;

	exec->sp = ALIGN_DOWN(random - vectors, 16);
	ret = mm_map_stack(mm, mm->stack_top, mm->stack_top - exec->sp,
			   exec->image.exec_stack);
	if (ret)
		return ret;
	mm->arg_start = strings;
	mm->arg_end = strings + args->arg_len;
	mm->env_start = mm->arg_end;
	mm->env_end = mm->env_start + args->env_len;
	fill_auxv(exec, &auxv, name, random);
	random_bytes(seed, sizeof(seed));

	if ((ret = put_bytes(mm, name, exec->name, name_len)) ||
	    (ret = exec_args_copy_out(args, mm, strings)) ||
	    (ret = put_bytes(mm, random, seed, sizeof(seed))))
		return ret;
	return put_vectors(exec, strings, &auxv);
}
