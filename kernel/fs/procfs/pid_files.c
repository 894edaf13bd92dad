// SPDX-License-Identifier: MIT
/*
 * procfs: what a process has to do with files: its directories, its program,
 * its descriptors and what it has mapped.
 */
#include <stdio.h>
#include <string.h>

#include <linux/limits.h>
#include <linux/mman.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/dentry.h>
#include <fs/file.h>
#include <ipc/pipe.h>
#include <mm/mm.h>
#include <proc/task.h>

#include "pid_internal.h"
#include "procfs_internal.h"

static int follow_context(const struct proc_node *node, bool root,
			  struct path *result)
{
	struct task *task = proc_node_task(node);
	struct fs_context *ctx = task ? task_get_fs(task) : NULL;

	if (!ctx)
		return -ENOENT;
	spin_lock(&ctx->lock);
	*result = root ? ctx->root : ctx->cwd;
	path_get(result);
	spin_unlock(&ctx->lock);
	fs_context_put(ctx);
	return 0;
}

int proc_follow_cwd(const struct proc_node *node, struct path *result)
{
	return follow_context(node, false, result);
}

int proc_follow_root(const struct proc_node *node, struct path *result)
{
	return follow_context(node, true, result);
}

int proc_follow_exe(const struct proc_node *node, struct path *result)
{
	struct mm *mm = proc_node_mm(node);
	int ret = -ENOENT;

	if (!mm)
		return -ENOENT;
	rwsem_read_lock(&mm->lock);
	if (mm->exe && mm->exe->path.mount) {
		*result = mm->exe->path;
		path_get(result);
		ret = 0;
	}
	rwsem_read_unlock(&mm->lock);
	mm_put(mm);
	return ret;
}

/* --- Descriptors ---------------------------------------------------------- */

/* The file at or after *fd, referenced; NULL: none. */
static struct file *descriptor_next(const struct proc_node *node, int *fd)
{
	struct task *task = proc_node_task(node);
	struct files *files = task ? task_get_files(task) : NULL;
	struct file *file;

	if (!files)
		return NULL;
	file = files_next(files, fd);
	files_put(files);
	return file;
}

static struct file *descriptor_get(const struct proc_node *node)
{
	int fd = node->fd;
	struct file *file = descriptor_next(node, &fd);

	if (file && fd != node->fd) {
		file_put(file);
		return NULL;
	}
	return file;
}

static int follow_descriptor(const struct proc_node *node, struct path *result)
{
	struct file *file = descriptor_get(node);
	int ret = 0;

	if (!file)
		return -ENOENT;
	if (file->path.mount) {
		*result = file->path;
		path_get(result);
	} else {
		ret = pipe_make_path(file, result);
	}
	file_put(file);
	return ret;
}

/* Files without a place: "pipe:[12]"; -EINVAL: it has one, go by that. */
static ssize_t link_descriptor(const struct proc_node *node, char *buf,
			       size_t len)
{
	struct file *file = descriptor_get(node);
	ssize_t n = -EINVAL;

	if (!file)
		return -ENOENT;
	if (file->anon_name)
		n = snprintf(buf, len, "%s:[%lu]", file->anon_name,
			     (unsigned long)((uintptr_t)file->private >> 4 &
					     0xffffff));
	file_put(file);
	return n;
}

static const struct proc_entry descriptor_entry = {
	.name = "",
	.mode = 0700,
	.link = link_descriptor,
	.follow = follow_descriptor,
};

static int descriptor_find(const struct proc_node *dir, unsigned number,
			   struct proc_node *child)
{
	struct file *file;

	child->fd = (int)number;
	file = descriptor_get(child);
	child->entry = &descriptor_entry;
	(void)dir;
	if (!file)
		return -ENOENT;
	file_put(file);
	return 0;
}

static bool descriptor_step(const struct proc_node *dir, unsigned *number)
{
	int fd = (int)*number;
	struct file *file = descriptor_next(dir, &fd);

	if (!file)
		return false;
	*number = (unsigned)fd;
	file_put(file);
	return true;
}

const struct proc_dynamic proc_descriptors = { descriptor_find,
					       descriptor_step };

/* --- Maps ------------------------------------------------------------------ */

/* What a line needs, copied while the areas stand still. */
struct map_line {
	uintptr_t start, end;
	unsigned prot, flags;
	uint64_t offset;
	struct file *file; /* referenced, or NULL */
	const char *name;  /* constant, or NULL */
};

static const char *area_name(const struct mm *mm, const struct vma *vma)
{
	if (vma->ops && vma->ops->name)
		return vma->ops->name;
	if (vma->flags & VMA_STACK)
		return "[stack]";
	if (vma->flags & VMA_HEAP ||
	    (!vma->file && vma->start <= mm->brk && vma->end > mm->brk_start &&
	     mm->brk > mm->brk_start))
		return "[heap]";
	return NULL;
}

/* The first area that ends above addr. */
static bool line_get(struct mm *mm, uintptr_t addr, struct map_line *line)
{
	const struct vma *vma;

	rwsem_read_lock(&mm->lock);
	vma = mm_find_vma(mm, addr);
	if (vma) {
		line->start = vma->start;
		line->end = vma->end;
		line->prot = vma->prot;
		line->flags = vma->flags;
		line->offset = vma->file ? vma->pgoff << PAGE_SHIFT : 0;
		line->file = vma->file ? file_get(vma->file) : NULL;
		line->name = area_name(mm, vma);
	}
	rwsem_read_unlock(&mm->lock);
	return vma != NULL;
}

static void line_show(struct proc_text *text, const struct map_line *line,
		      char *buf)
{
	const char *name = line->name;
	uint64_t dev = 0, ino = 0;

	if (line->file) {
		dev = line->file->inode->super->dev;
		ino = line->file->inode->ino;
		name = line->file->path.mount
			       ? path_to_string(&line->file->path, buf,
						PATH_MAX)
			       : line->file->anon_name;
	}
	proc_printf(text, "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu",
		    (unsigned long)line->start, (unsigned long)line->end,
		    line->prot & PROT_READ ? 'r' : '-',
		    line->prot & PROT_WRITE ? 'w' : '-',
		    line->prot & PROT_EXEC ? 'x' : '-',
		    line->flags & VMA_SHARED ? 's' : 'p',
		    (unsigned long)line->offset, (unsigned)(dev >> 8 & 0xfff),
		    (unsigned)(dev & 0xff), (unsigned long)ino);
	if (name)
		proc_printf(text, "%*s %s", ino ? 8 : 24, "", name);
	proc_printf(text, "\n");
}

int proc_show_maps(struct proc_text *text, const struct proc_node *node)
{
	struct mm *mm = proc_node_mm(node);
	struct map_line line;
	uintptr_t addr = 0;
	char *buf;

	if (!mm)
		return 0;
	buf = kmalloc(PATH_MAX);
	while (buf && !text->failed && line_get(mm, addr, &line)) {
		line_show(text, &line, buf);
		if (line.file)
			file_put(line.file);
		addr = line.end;
	}
	kfree(buf);
	mm_put(mm);
	return buf ? 0 : -ENOMEM;
}
