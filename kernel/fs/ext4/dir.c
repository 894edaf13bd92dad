// SPDX-License-Identifier: MIT
/*
 * Directory blocks: lists of entries ("Linear Directories"), which are also
 * the leaves of hash trees (dx.c).
 *
 * A block is checked when it is first read: lengths, alignment, names, inode
 * numbers, checksum.  After that its entries are walked without further
 * checks.  Removing an entry lets the one before it swallow its room, so that
 * entries never move within a block and a reader's position stays good.
 */
#include <string.h>

#include <linux/stat.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <fs/file.h>

#include "ext4_internal.h"

uint32_t ext4_rec_len(size_t name_len)
{
	return ALIGN_UP((uint32_t)(sizeof(struct ext4_dir_entry) + name_len),
			4);
}

uint32_t ext4_rec_len_get(const struct ext4_fs *fs, le16 rec_len)
{
	(void)fs; /* blocks up to 4096 need no tricks */
	return le16_to_cpu(rec_len);
}

le16 ext4_rec_len_put(const struct ext4_fs *fs, uint32_t len)
{
	ASSERT(len <= fs->block_size);
	(void)fs;
	return cpu_to_le16((uint16_t)len);
}

uint32_t ext4_dir_leaf_size(const struct ext4_fs *fs)
{
	return fs->block_size -
	       (fs->has_csum ? (uint32_t)sizeof(struct ext4_dir_tail) : 0);
}

static struct ext4_dir_entry *ext4_entry_at(const struct buffer *buf,
					    uint32_t offset)
{
	return (struct ext4_dir_entry *)((char *)buf->data + offset);
}

static struct ext4_dir_tail *ext4_dir_tail(const struct ext4_fs *fs,
					   const struct buffer *buf)
{
	return (struct ext4_dir_tail *)((char *)buf->data +
					ext4_dir_leaf_size(fs));
}

void ext4_dir_seal_leaf(struct buffer *buf)
{
	struct ext4_fs *fs = buffer_cache_private(buf->cache);

	ext4_dir_tail(fs, buf)->det_checksum = cpu_to_le32(
		ext4_csum(buf->seed, buf->data, ext4_dir_leaf_size(fs)));
}

static void ext4_dir_leaf_ready(struct inode *dir, struct buffer *buf)
{
	buf->checked_as = EXT4_BUFFER_LEAF;
	if (ext4_fs(dir)->has_csum)
		buffer_set_seal(buf, ext4_dir_seal_leaf,
				ext4_inode(dir)->csum_seed);
}

void ext4_dir_leaf_init(struct inode *dir, struct buffer *buf)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dir_entry *entry = buf->data;

	entry->inode = cpu_to_le32(0);
	entry->rec_len = ext4_rec_len_put(fs, ext4_dir_leaf_size(fs));
	entry->name_len = 0;
	entry->file_type = 0;
	if (fs->has_csum) {
		struct ext4_dir_tail *tail = ext4_dir_tail(fs, buf);

		memset(tail, 0, sizeof(*tail));
		tail->det_rec_len = cpu_to_le16(sizeof(*tail));
		tail->det_reserved_ft = EXT4_FT_DIR_CSUM;
	}
	ext4_dir_leaf_ready(dir, buf);
}

/* --- checks --- */

/* Its head must lie in the block before the rest is looked at. */
static bool ext4_entry_fits(const struct ext4_fs *fs,
			    const struct ext4_dir_entry *entry, uint32_t room)
{
	uint32_t len;

	if (room < ext4_rec_len(1))
		return false;
	len = ext4_rec_len_get(fs, entry->rec_len);
	return len >= ext4_rec_len(1) && len % 4 == 0 && len <= room &&
	       ext4_rec_len(entry->name_len) <= len;
}

static bool ext4_entry_is_sane(const struct ext4_fs *fs,
			       const struct ext4_dir_entry *entry,
			       uint32_t room)
{
	if (!ext4_entry_fits(fs, entry, room))
		return false;
	if (!le32_to_cpu(entry->inode))
		return true;
	return le32_to_cpu(entry->inode) <= fs->nr_inodes && entry->name_len &&
	       !memchr(entry->name, '/', entry->name_len) &&
	       !memchr(entry->name, 0, entry->name_len);
}

static bool ext4_entries_are_sane(const struct ext4_fs *fs,
				  const struct buffer *buf, uint32_t size)
{
	uint32_t at = 0;

	while (at < size) {
		const struct ext4_dir_entry *entry = ext4_entry_at(buf, at);

		if (!ext4_entry_is_sane(fs, entry, size - at))
			return false;
		at += ext4_rec_len_get(fs, entry->rec_len);
	}
	return true;
}

static int ext4_leaf_check(struct inode *dir, struct buffer *buf, uint32_t lblk)
{
	struct ext4_fs *fs = ext4_fs(dir);
	const struct ext4_dir_tail *tail = ext4_dir_tail(fs, buf);

	if (fs->has_csum) {
		if (tail->det_reserved_ft != EXT4_FT_DIR_CSUM ||
		    le32_to_cpu(tail->det_checksum) !=
			    ext4_csum(ext4_inode(dir)->csum_seed, buf->data,
				      ext4_dir_leaf_size(fs)))
			return ext4_damaged(fs, dir->ino,
					    "wrong checksum of block %u", lblk);
	}
	if (!ext4_entries_are_sane(fs, buf, ext4_dir_leaf_size(fs)))
		return ext4_damaged(fs, dir->ino, "wrong entry in block %u",
				    lblk);
	ext4_dir_leaf_ready(dir, buf);
	return 0;
}

int ext4_dir_read(struct inode *dir, uint32_t lblk, struct buffer **result)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_map map = { .lblk = lblk, .len = 1 };
	int ret;

	ret = ext4_map_blocks(ext4_inode(dir), &map, 0);
	if (ret)
		return ret;
	if (!map.pblk || map.unwritten)
		return ext4_damaged(fs, dir->ino, "block %u is missing", lblk);
	return buffer_read(fs->cache, map.pblk, result);
}

/* A block of entries, checked. */
static int ext4_leaf_read(struct inode *dir, uint32_t lblk,
			  struct buffer **result)
{
	int ret = ext4_dir_read(dir, lblk, result);

	if (ret || (*result)->checked_as == EXT4_BUFFER_LEAF)
		return ret;
	ret = ext4_leaf_check(dir, *result, lblk);
	if (ret)
		buffer_put(*result);
	return ret;
}

int ext4_dir_check_leaf(struct inode *dir, struct buffer *buf, uint32_t lblk)
{
	if (buf->checked_as == EXT4_BUFFER_LEAF)
		return 0;
	return ext4_leaf_check(dir, buf, lblk);
}

static uint32_t ext4_dir_nr_blocks(const struct inode *dir)
{
	return (uint32_t)(inode_size(dir) >> ext4_fs(dir)->block_bits);
}

/* --- finding --- */

int ext4_dir_find_in_block(struct inode *dir, struct buffer *buf,
			   const char *name, size_t len,
			   struct ext4_dir_pos *pos)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t size = ext4_dir_leaf_size(fs);
	struct ext4_dir_entry *entry, *prev = NULL;
	char last = name[len - 1];

	for (uint32_t at = 0; at < size;
	     at += ext4_rec_len_get(fs, entry->rec_len)) {
		entry = ext4_entry_at(buf, at);
		/* Names of one length mostly differ in their last byte. */
		if (entry->name_len == len && entry->name[len - 1] == last &&
		    le32_to_cpu(entry->inode) &&
		    !memcmp(entry->name, name, len)) {
			pos->buf = buf;
			pos->entry = entry;
			pos->prev = prev;
			return 0;
		}
		prev = entry;
	}
	return -ENOENT;
}

static int ext4_dir_find_linear(struct inode *dir, const char *name, size_t len,
				struct ext4_dir_pos *pos)
{
	uint32_t nr = ext4_dir_nr_blocks(dir);
	struct buffer *buf;
	int ret;

	for (uint32_t lblk = 0; lblk < nr; lblk++) {
		ret = ext4_leaf_read(dir, lblk, &buf);
		if (ret)
			return ret;
		ret = ext4_dir_find_in_block(dir, buf, name, len, pos);
		if (!ret) {
			pos->lblk = lblk;
			return 0;
		}
		buffer_put(buf);
	}
	return -ENOENT;
}

int ext4_dir_find(struct inode *dir, const char *name, size_t len,
		  struct ext4_dir_pos *pos)
{
	pos->nr_blocks = ext4_dir_nr_blocks(dir);
	if (ext4_dir_is_indexed(ext4_fs(dir), ext4_inode(dir)))
		return ext4_dx_find(dir, name, len, pos);
	return ext4_dir_find_linear(dir, name, len, pos);
}

/* --- adding --- */

static uint8_t ext4_type_of_mode(const struct ext4_fs *fs, uint32_t mode)
{
	static const uint8_t types[16] = {
		[S_IFREG >> 12] = EXT4_FT_REG,
		[S_IFDIR >> 12] = EXT4_FT_DIR,
		[S_IFCHR >> 12] = EXT4_FT_CHR,
		[S_IFBLK >> 12] = EXT4_FT_BLK,
		[S_IFIFO >> 12] = EXT4_FT_FIFO,
		[S_IFSOCK >> 12] = EXT4_FT_SOCK,
		[S_IFLNK >> 12] = EXT4_FT_SYMLINK,
	};

	return fs->has_filetype ? types[mode >> 12 & 15] : EXT4_FT_UNKNOWN;
}

static void ext4_entry_fill(const struct ext4_fs *fs,
			    struct ext4_dir_entry *entry, const char *name,
			    size_t len, const struct inode *inode)
{
	entry->inode = cpu_to_le32((uint32_t)inode->ino);
	entry->name_len = (uint8_t)len;
	entry->file_type = ext4_type_of_mode(fs, inode->mode);
	memcpy(entry->name, name, len);
}

/* Bytes that the entry itself needs; an unused one needs none. */
static uint32_t ext4_entry_used(const struct ext4_dir_entry *entry)
{
	return le32_to_cpu(entry->inode) ? ext4_rec_len(entry->name_len) : 0;
}

/* Make the unneeded end of an entry a new one. */
static struct ext4_dir_entry *ext4_entry_split(const struct ext4_fs *fs,
					       struct ext4_dir_entry *entry)
{
	uint32_t used = ext4_entry_used(entry);
	uint32_t len = ext4_rec_len_get(fs, entry->rec_len);
	struct ext4_dir_entry *rest;

	if (!used)
		return entry;
	rest = (struct ext4_dir_entry *)((char *)entry + used);
	entry->rec_len = ext4_rec_len_put(fs, used);
	rest->rec_len = ext4_rec_len_put(fs, len - used);
	return rest;
}

static void ext4_dir_touch(struct inode *dir)
{
	inode_touch(dir, ATTR_MTIME | ATTR_CTIME);
}

int ext4_dir_add_to_block(struct inode *dir, struct buffer *buf,
			  const char *name, size_t len,
			  const struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t size = ext4_dir_leaf_size(fs), need = ext4_rec_len(len);
	struct ext4_dir_entry *entry;
	uint32_t at, rec_len;

	for (at = 0; at < size; at += rec_len) {
		entry = ext4_entry_at(buf, at);
		rec_len = ext4_rec_len_get(fs, entry->rec_len);
		if (rec_len - ext4_entry_used(entry) >= need)
			break;
	}
	if (at >= size)
		return -ENOSPC;
	buffer_begin_modify(buf);
	entry = ext4_entry_split(fs, entry);
	ext4_entry_fill(fs, entry, name, len, inode);
	buffer_mark_dirty(buf);
	ext4_dir_touch(dir);
	return 0;
}

int ext4_dir_append(struct inode *dir, struct buffer **result, uint32_t *lblk)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_map map = { .lblk = ext4_dir_nr_blocks(dir), .len = 1 };
	int ret;

	ret = ext4_map_blocks(ext4_inode(dir), &map,
			      EXT4_MAP_CREATE | EXT4_MAP_META);
	if (ret)
		return ret;
	ret = buffer_get_new(fs->cache, map.pblk, result);
	if (ret) {
		ext4_unmap_blocks(ext4_inode(dir), map.lblk, map.lblk + 1);
		return ret;
	}
	ext4_dir_leaf_init(dir, *result);
	buffer_mark_dirty(*result);
	*lblk = map.lblk;
	inode_set_size(dir, (off_t)(map.lblk + 1) << fs->block_bits);
	return 0;
}

/* Try blocks [from, to): 0, -ENOSPC or an error. */
static int ext4_dir_try_blocks(struct inode *dir, uint32_t from, uint32_t to,
			       const char *name, size_t len,
			       const struct inode *inode)
{
	struct buffer *buf;
	int ret = -ENOSPC;

	for (uint32_t lblk = from; ret == -ENOSPC && lblk < to; lblk++) {
		ret = ext4_leaf_read(dir, lblk, &buf);
		if (ret)
			return ret;
		ret = ext4_dir_add_to_block(dir, buf, name, len, inode);
		buffer_put(buf);
		if (!ret)
			ext4_inode(dir)->dir_hint = lblk;
	}
	return ret;
}

/* The only block is full: from now on it is the root of a tree. */
static int ext4_dir_start_index(struct inode *dir, const char *name, size_t len,
				const struct inode *inode)
{
	struct buffer *root;
	int ret = ext4_leaf_read(dir, 0, &root);

	if (ret)
		return ret;
	ret = ext4_dx_create(dir, root, name, len, inode);
	buffer_put(root);
	return ret;
}

static int ext4_dir_add_linear(struct inode *dir, const char *name, size_t len,
			       const struct inode *inode)
{
	uint32_t nr = ext4_dir_nr_blocks(dir);
	uint32_t hint = MIN(ext4_inode(dir)->dir_hint, nr - 1), lblk;
	struct buffer *buf;
	int ret;

	ret = ext4_dir_try_blocks(dir, hint, nr, name, len, inode);
	if (ret == -ENOSPC)
		ret = ext4_dir_try_blocks(dir, 0, hint, name, len, inode);
	if (ret != -ENOSPC)
		return ret;
	if (nr == 1 && ext4_fs(dir)->has_dx)
		return ext4_dir_start_index(dir, name, len, inode);
	ret = ext4_dir_append(dir, &buf, &lblk);
	if (ret)
		return ret;
	ret = ext4_dir_add_to_block(dir, buf, name, len, inode);
	buffer_put(buf);
	return ret;
}

int ext4_dir_add(struct inode *dir, const char *name, size_t len,
		 const struct inode *inode)
{
	ASSERT(buffer_in_transaction(ext4_fs(dir)->cache));
	if (ext4_dir_is_indexed(ext4_fs(dir), ext4_inode(dir)))
		return ext4_dx_add(dir, name, len, inode);
	return ext4_dir_add_linear(dir, name, len, inode);
}

/* --- removing and changing --- */

void ext4_dir_remove(struct inode *dir, const struct ext4_dir_pos *pos)
{
	struct ext4_fs *fs = ext4_fs(dir);

	buffer_begin_modify(pos->buf);
	if (pos->prev)
		pos->prev->rec_len = ext4_rec_len_put(
			fs, ext4_rec_len_get(fs, pos->prev->rec_len) +
				    ext4_rec_len_get(fs, pos->entry->rec_len));
	pos->entry->inode = cpu_to_le32(0);
	buffer_mark_dirty(pos->buf);
	ext4_inode(dir)->dir_hint = MIN(ext4_inode(dir)->dir_hint, pos->lblk);
	ext4_dir_touch(dir);
}

bool ext4_dir_pos_is_good(const struct inode *dir,
			  const struct ext4_dir_pos *pos)
{
	uint32_t len;

	if (pos->nr_blocks != ext4_dir_nr_blocks(dir))
		return false;
	if (!pos->prev)
		return true;
	len = ext4_rec_len_get(ext4_fs(dir), pos->prev->rec_len);
	return (char *)pos->prev + len == (char *)pos->entry;
}

void ext4_dir_retarget(struct inode *dir, const struct ext4_dir_pos *pos,
		       const struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(dir);

	buffer_begin_modify(pos->buf);
	pos->entry->inode = cpu_to_le32((uint32_t)inode->ino);
	pos->entry->file_type = ext4_type_of_mode(fs, inode->mode);
	buffer_mark_dirty(pos->buf);
	ext4_dir_touch(dir);
}

int ext4_dir_init(struct inode *dir, const struct inode *parent)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dir_entry *entry;
	struct buffer *buf;
	uint32_t lblk;
	int ret;

	ret = ext4_dir_append(dir, &buf, &lblk);
	if (ret)
		return ret;
	entry = buf->data;
	ext4_entry_fill(fs, entry, ".", 1, dir);
	entry = ext4_entry_split(fs, entry);
	ext4_entry_fill(fs, entry, "..", 2, parent);
	buffer_put(buf);
	return 0;
}

static bool ext4_entry_is_dots(const struct ext4_dir_entry *entry)
{
	return entry->name[0] == '.' &&
	       (entry->name_len == 1 ||
		(entry->name_len == 2 && entry->name[1] == '.'));
}

/* A block of a hash tree's index has no names; as a leaf it counts as empty. */
static bool ext4_dir_is_index_block(struct inode *dir, struct buffer *buf,
				    uint32_t lblk)
{
	return ext4_dir_is_indexed(ext4_fs(dir), ext4_inode(dir)) &&
	       ext4_dx_is_node(dir, buf, lblk);
}

int ext4_dir_is_empty(struct inode *dir)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t nr = ext4_dir_nr_blocks(dir), size = ext4_dir_leaf_size(fs);
	struct buffer *buf;
	int ret = 0;

	for (uint32_t lblk = 0; !ret && lblk < nr; lblk++) {
		const struct ext4_dir_entry *entry;

		ret = ext4_dir_read(dir, lblk, &buf);
		if (ret)
			return ret;
		if (!ext4_dir_is_index_block(dir, buf, lblk))
			ret = ext4_dir_check_leaf(dir, buf, lblk);
		else
			size = 0;
		for (uint32_t at = 0; !ret && at < size;
		     at += ext4_rec_len_get(fs, entry->rec_len)) {
			entry = ext4_entry_at(buf, at);
			if (le32_to_cpu(entry->inode) &&
			    !ext4_entry_is_dots(entry))
				ret = -ENOTEMPTY;
		}
		size = ext4_dir_leaf_size(fs);
		buffer_put(buf);
	}
	return ret;
}

/* --- reading --- */

static unsigned ext4_dirent_type(uint8_t file_type)
{
	/* DT_* are the type bits of st_mode. */
	static const uint8_t types[] = {
		[EXT4_FT_UNKNOWN] = 0,
		[EXT4_FT_REG] = S_IFREG >> 12,
		[EXT4_FT_DIR] = S_IFDIR >> 12,
		[EXT4_FT_CHR] = S_IFCHR >> 12,
		[EXT4_FT_BLK] = S_IFBLK >> 12,
		[EXT4_FT_FIFO] = S_IFIFO >> 12,
		[EXT4_FT_SOCK] = S_IFSOCK >> 12,
		[EXT4_FT_SYMLINK] = S_IFLNK >> 12,
	};

	return file_type < ARRAY_SIZE(types) ? types[file_type] : 0;
}

/*
 * Entries of one block from byte start on; false: the reader has enough.  That
 * takes its time, in which the block may change if a damaged disk uses it for
 * something else as well: so lengths are looked at again.
 */
static bool ext4_emit_block(const struct ext4_fs *fs, const struct buffer *buf,
			    uint64_t base, uint32_t size, uint32_t start,
			    struct dir_context *ctx)
{
	const struct ext4_dir_entry *entry;
	uint32_t next;

	for (uint32_t at = 0; at < size; at = next) {
		entry = ext4_entry_at(buf, at);
		if (!ext4_entry_fits(fs, entry, size - at))
			return true;
		next = at + ext4_rec_len_get(fs, entry->rec_len);
		if (at < start || !le32_to_cpu(entry->inode))
			continue;
		if (!ctx->emit(ctx, entry->name, entry->name_len,
			       (off_t)(base + next), le32_to_cpu(entry->inode),
			       ext4_dirent_type(entry->file_type)))
			return false;
		ctx->pos = (off_t)(base + next);
	}
	return true;
}

/* Where the entries of a block end: index blocks have few or none. */
static int ext4_readable_size(struct inode *dir, struct buffer *buf,
			      uint32_t lblk, uint32_t *size)
{
	struct ext4_fs *fs = ext4_fs(dir);
	int ret;

	*size = ext4_dir_leaf_size(fs);
	if (!ext4_dir_is_index_block(dir, buf, lblk))
		return ext4_dir_check_leaf(dir, buf, lblk);
	ret = ext4_dx_check_block(dir, buf, lblk);
	/* "." and "..", whose length covers the rest of the block. */
	*size = lblk ? 0 : fs->block_size;
	return ret;
}

static int ext4_readdir_locked(struct inode *dir, struct dir_context *ctx)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint64_t end = (uint64_t)inode_size(dir);

	while ((uint64_t)ctx->pos < end) {
		uint32_t lblk = (uint32_t)(ctx->pos >> fs->block_bits);
		uint64_t base = (uint64_t)lblk << fs->block_bits;
		struct buffer *buf;
		uint32_t size;
		bool more = false;
		int ret = ext4_dir_read(dir, lblk, &buf);

		if (ret)
			return ret;
		ret = ext4_readable_size(dir, buf, lblk, &size);
		if (!ret)
			more = ext4_emit_block(
				fs, buf, base, size,
				(uint32_t)((uint64_t)ctx->pos - base), ctx);
		buffer_put(buf);
		if (ret || !more)
			return ret;
		ctx->pos = (off_t)(base + fs->block_size);
	}
	return 0;
}

static int ext4_readdir(struct file *file, struct dir_context *ctx)
{
	int ret;

	rwsem_read_lock(&file->inode->lock);
	ret = ext4_readdir_locked(file->inode, ctx);
	rwsem_read_unlock(&file->inode->lock);
	return ret;
}

const struct file_ops ext4_dir_ops = {
	.seek = generic_dir_seek,
	.readdir = ext4_readdir,
	.fsync = generic_fsync,
};
