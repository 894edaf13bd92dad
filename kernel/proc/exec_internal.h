// SPDX-License-Identifier: MIT
/*
 * The parts of exec: arguments (exec_args.c), loading (exec_load.c), the rest.
 */
#pragma once

#include <lib/types.h>
#include <proc/elf.h>

struct cred;
struct file;
struct mm;
struct sighand;

#define EXEC_PATH_MAX 4096

/*
 * The strings of a program's arguments and environment, one after the other as
 * they will lie on its stack, in pages that are allocated as needed.
 */
struct exec_args {
	char **pages; /* one page of pointers */
	size_t len;   /* bytes stored, NULs included */
	size_t limit; /* at most so many: E2BIG */
	unsigned argc, envc;
	size_t arg_len; /* of which argv; what follows is the environment */
	size_t env_len;
};

int exec_args_init(struct exec_args *args);
void exec_args_free(struct exec_args *args);
/* Append one string, or all of a user's vector (its number of strings, or
 * -E2BIG, -EFAULT, -ENOMEM, -EINTR). */
int exec_args_add(struct exec_args *args, const char *string);
int exec_args_add_user(struct exec_args *args,
		       const char __user *const __user *vector);
/* Forget the first string (for "#!"): needs it to be the only ones of argv. */
int exec_args_replace_first(struct exec_args *args, const char *const *strings,
			    unsigned n);
/* Copy all strings into mm at addr. */
int exec_args_copy_out(const struct exec_args *args, struct mm *mm,
		       uintptr_t addr);
/* The length of the string at offset, with its NUL. */
size_t exec_args_string_len(const struct exec_args *args, size_t offset);

/* One program in the making.  Lives from the call to the point of no return. */
struct exec {
	struct file *file;
	struct file *interp; /* the ELF interpreter, or NULL */
	struct elf_image image;
	struct elf_image interp_image;
	struct mm *mm; /* the new address space */
	struct exec_args args;
	char *name;        /* as given, EXEC_PATH_MAX bytes */
	char *interp_name; /* of "#!", same size */
	char head[256];    /* the first bytes of the file */
	size_t head_len;
	uint64_t bias, interp_bias;
	uintptr_t entry, sp;
	uint32_t euid, egid; /* after set-user-id */
	bool secure;         /* AT_SECURE */
};

/* --- exec_open.c -------------------------------------------------------- */

/* The file to execute, writers kept out until exec_close() (of NULL, too). */
int exec_open(int dirfd, const char *name, int flags, struct file **file);
void exec_close(struct file *file);
/* Fill exec->head from exec->file. */
int exec_read_head(struct exec *exec);
/* While it is a script, go on with its interpreter.  0, -ENOEXEC, -ELOOP ... */
int exec_resolve_scripts(struct exec *exec);

/* --- exec_load.c -------------------------------------------------------- */

/* Read and check the ELF headers of file.  0, -ENOEXEC, -EIO, -ENOMEM. */
int exec_read_elf(struct file *file, const char *head, size_t head_len,
		  struct elf_image *image);
/* The path that PT_INTERP names, into buf of ELF_INTERP_MAX. */
int exec_read_interp(struct file *file, const struct elf_image *image,
		     char *buf);
/* Map program and interpreter into exec->mm; sets biases, entry, brk. */
int exec_load(struct exec *exec);
/* Make the stack: strings, auxiliary vector, pointers.  Sets exec->sp. */
int exec_make_stack(struct exec *exec);

/* --- exec_commit.c ------------------------------------------------------ */

/* What exec replaces besides the address space, made beforehand. */
struct exec_replacement {
	struct sighand *sighand; /* NULL: keep, it is not shared */
	struct cred *cred;       /* NULL: they do not change */
};

/* 0 or -ENOMEM; drop what was made in either case if exec fails after all. */
int exec_prepare_replacement(const struct exec *exec,
			     struct exec_replacement *new);
void exec_drop_replacement(struct exec_replacement *new);
/* Become the new program; takes over file, mm and *new. */
void exec_commit(struct exec *exec, struct exec_replacement *new);
