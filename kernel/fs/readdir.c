// SPDX-License-Identifier: MIT
/* Reading directories: what all file systems share. */
#include <fs/file.h>

#include <linux/fs.h>
#include <linux/stat.h>

#include <lib/errno.h>

#include <fs/dentry.h>
#include <fs/inode.h>

#define DT_DIR 4 /* as readdir(3) has it */

bool dir_emit_dots(struct file *file, struct dir_context *ctx)
{
	struct dentry *dentry = file->path.dentry;

	if (ctx->pos == 0) {
		if (!ctx->emit(ctx, ".", 1, 1, file->inode->ino, DT_DIR))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		struct inode *up = dentry_inode(dentry->parent);

		if (!ctx->emit(ctx, "..", 2, 2, up->ino, DT_DIR))
			return false;
		ctx->pos = 2;
	}
	return true;
}

off_t generic_dir_seek(struct file *file, off_t offset, int whence)
{
	if (whence == SEEK_CUR)
		offset += file->pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	return offset < 0 ? -EINVAL : offset;
}

int file_readdir(struct file *file, struct dir_context *ctx)
{
	bool locked;
	int ret;

	if (!(file->mode & FMODE_READ))
		return -EBADF;
	if (!S_ISDIR(file->inode->mode) || !file->ops->readdir)
		return -ENOTDIR;
	locked = file_pos_lock(file);
	/* A removed directory is empty, and does not say so by an error. */
	ret = file->inode->nlink == 0 ? -ENOENT : 0;
	ctx->pos = file->pos;
	if (!ret)
		ret = file->ops->readdir(file, ctx);
	file->pos = ctx->pos;
	file_pos_unlock(file, locked);
	if (!ret)
		inode_touch_atime(file->inode);
	return ret;
}
