// SPDX-License-Identifier: MIT
/*
 * procfs: files.  A read from the start makes the whole text and keeps it with
 * the open file, so that what follows fits what went before.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <fs/file.h>
#include <mm/iov_iter.h>
#include <proc/task.h>

#include "procfs_internal.h"

#define TEXT_FIRST 1024
#define TEXT_MAX   (1024 * 1024)
#define STORE_MAX  128

static bool text_grow(struct proc_text *text, size_t more)
{
	size_t cap = text->cap ? text->cap : TEXT_FIRST;
	char *buf;

	while (cap - text->len <= more && cap < TEXT_MAX)
		cap *= 2;
	if (cap - text->len <= more)
		goto fail;
	if (cap == text->cap)
		return true;
	buf = kmalloc(cap);
	if (!buf)
		goto fail;
	memcpy(buf, text->buf, text->len);
	kfree(text->buf);
	text->buf = buf;
	text->cap = cap;
	return true;
fail:
	text->failed = true;
	return false;
}

void proc_write(struct proc_text *text, const void *data, size_t len)
{
	if (text->failed || !text_grow(text, len))
		return;
	memcpy(text->buf + text->len, data, len);
	text->len += len;
}

void proc_printf(struct proc_text *text, const char *fmt, ...)
{
	va_list args;
	int n;

	if (text->failed || !text_grow(text, 128))
		return;
	va_start(args, fmt);
	n = vsnprintf(text->buf + text->len, text->cap - text->len, fmt, args);
	va_end(args);
	if (n >= 0 && (size_t)n >= text->cap - text->len) {
		if (!text_grow(text, (size_t)n + 1))
			return;
		va_start(args, fmt);
		vsnprintf(text->buf + text->len, text->cap - text->len, fmt,
			  args);
		va_end(args);
	}
	if (n > 0)
		text->len += (size_t)n;
}

static void text_free(struct proc_text *text)
{
	if (text)
		kfree(text->buf);
	kfree(text);
}

/* A new text of the entry, without any lock: what it shows has its own. */
static int text_make(const struct proc_node *node, struct proc_text **result)
{
	struct proc_text *text = kzalloc(sizeof(*text));
	int ret;

	if (!text)
		return -ENOMEM;
	ret = node->entry->show(text, node);
	if (!ret && text->failed)
		ret = -ENOMEM;
	if (ret) {
		text_free(text);
		return ret;
	}
	*result = text;
	return 0;
}

/* inode->lock held: file->private is what the file keeps. */
static ssize_t text_read_locked(const struct proc_text *text,
				struct iov_iter *to, off_t *pos)
{
	size_t n;

	if (!text || (uint64_t)*pos >= text->len || !to->count)
		return 0;
	n = MIN(to->count, text->len - (size_t)*pos);
	n = iov_iter_copy_to(to, text->buf + *pos, n);
	*pos += (off_t)n;
	return n ? (ssize_t)n : -EFAULT;
}

static ssize_t proc_file_read(struct file *file, struct iov_iter *to,
			      off_t *pos)
{
	struct proc_text *fresh = NULL;
	ssize_t ret;

	if (*pos == 0 || !file->private) {
		ret = text_make(file->inode->private, &fresh);
		if (ret)
			return ret;
	}
	rwsem_write_lock(&file->inode->lock);
	if (fresh) {
		text_free(file->private);
		file->private = fresh;
	}
	ret = text_read_locked(file->private, to, pos);
	rwsem_write_unlock(&file->inode->lock);
	return ret;
}

static ssize_t proc_file_write(struct file *file, struct iov_iter *from,
			       off_t *pos)
{
	const struct proc_node *node = file->inode->private;
	char value[STORE_MAX];
	size_t n = from->count;
	int ret;

	(void)pos;
	if (!node->entry->store)
		return -EINVAL;
	if (n >= sizeof(value))
		return -EINVAL;
	if (iov_iter_copy_from(from, value, n) < n)
		return -EFAULT;
	value[n] = '\0';
	if (n && value[n - 1] == '\n')
		value[n - 1] = '\0';
	ret = node->entry->store(node, value);
	return ret ? ret : (ssize_t)n;
}

static void proc_file_release(struct file *file)
{
	text_free(file->private);
}

const struct inode_ops proc_file_inode_ops = { 0 };

const struct file_ops proc_file_ops = {
	.release = proc_file_release,
	.read = proc_file_read,
	.write = proc_file_write,
	.seek = generic_seek,
};
