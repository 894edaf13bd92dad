// SPDX-License-Identifier: MIT
/*
 * Hash trees of directories: looking up ("Hash Tree Directories").
 *
 * Block 0 is the root, below it there is at most one level of index nodes, and
 * then leaves, which are ordinary blocks of entries (dir.c).  Each index entry
 * has the lowest hash of its block; bit 0 of it says that names with that very
 * hash are also in the block before.  To who does not know of trees, index
 * blocks look like blocks with nothing but one unused entry.
 */
#include "dx.h"

#include <string.h>

#include <lib/errno.h>

#include <core/panic.h>

#define DX_ROOT_INFO    24 /* bytes from the start of block 0 */
#define DX_ROOT_ENTRIES 32
#define DX_NODE_ENTRIES 8

struct ext4_dx_root_info *ext4_dx_root_info(const struct buffer *buf)
{
	return (struct ext4_dx_root_info *)((char *)buf->data + DX_ROOT_INFO);
}

/* The first entry of a root is as long as its name needs, a node's is not. */
static uint32_t ext4_dx_entries_offset(const struct buffer *buf)
{
	const struct ext4_dir_entry *first = buf->data;

	return le16_to_cpu(first->rec_len) == ext4_rec_len(1) ? DX_ROOT_ENTRIES
							      : DX_NODE_ENTRIES;
}

struct ext4_dx_entry *ext4_dx_entries(const struct buffer *buf)
{
	return (struct ext4_dx_entry *)((char *)buf->data +
					ext4_dx_entries_offset(buf));
}

unsigned ext4_dx_count(const struct ext4_dx_entry *entries)
{
	return le16_to_cpu(entries->count);
}

unsigned ext4_dx_limit(const struct ext4_dx_entry *entries)
{
	return le16_to_cpu(entries->limit);
}

static unsigned ext4_dx_capacity(const struct ext4_fs *fs, uint32_t offset)
{
	uint32_t room = fs->block_size - offset;

	if (fs->has_csum)
		room -= sizeof(struct ext4_dx_tail);
	return room / (uint32_t)sizeof(struct ext4_dx_entry);
}

/* --- checksums --- */

static uint32_t ext4_dx_csum(uint32_t seed, const struct buffer *buf,
			     const struct ext4_dx_tail *tail)
{
	const struct ext4_dx_entry *entries = ext4_dx_entries(buf);
	le32 zero = cpu_to_le32(0);
	uint32_t csum;

	csum = ext4_csum(
		seed, buf->data,
		(size_t)((const char *)(entries + ext4_dx_count(entries)) -
			 (const char *)buf->data));
	csum = ext4_csum(csum, &tail->dt_reserved, sizeof(tail->dt_reserved));
	return ext4_csum(csum, &zero, sizeof(zero));
}

static struct ext4_dx_tail *ext4_dx_tail(const struct buffer *buf)
{
	struct ext4_dx_entry *entries = ext4_dx_entries(buf);

	return (struct ext4_dx_tail *)(entries + ext4_dx_limit(entries));
}

static void ext4_dx_seal(struct buffer *buf)
{
	struct ext4_dx_tail *tail = ext4_dx_tail(buf);

	tail->dt_checksum = cpu_to_le32(ext4_dx_csum(buf->seed, buf, tail));
}

void ext4_dx_ready(struct inode *dir, struct buffer *buf)
{
	buf->checked_as = EXT4_BUFFER_DX;
	if (ext4_fs(dir)->has_csum)
		buffer_set_seal(buf, ext4_dx_seal, ext4_inode(dir)->csum_seed);
}

/* --- checks --- */

static bool ext4_dx_root_is_sane(const struct ext4_fs *fs,
				 const struct buffer *buf)
{
	const struct ext4_dir_entry *dot = buf->data;
	const struct ext4_dir_entry *dots =
		(const void *)((const char *)buf->data + ext4_rec_len(1));
	const struct ext4_dx_root_info *info = ext4_dx_root_info(buf);

	return le16_to_cpu(dot->rec_len) == ext4_rec_len(1) &&
	       dot->name_len == 1 &&
	       le16_to_cpu(dots->rec_len) == fs->block_size - ext4_rec_len(1) &&
	       dots->name_len == 2 && info->info_length == sizeof(*info) &&
	       info->indirect_levels < DX_LEVELS_MAX;
}

static bool ext4_dx_node_is_sane(const struct ext4_fs *fs,
				 const struct buffer *buf)
{
	const struct ext4_dir_entry *fake = buf->data;

	return !le32_to_cpu(fake->inode) && !fake->name_len &&
	       le16_to_cpu(fake->rec_len) == fs->block_size;
}

static bool ext4_dx_entries_are_sane(struct inode *dir,
				     const struct buffer *buf)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t offset = ext4_dx_entries_offset(buf);
	const struct ext4_dx_entry *entries = ext4_dx_entries(buf);
	uint32_t nr = (uint32_t)(inode_size(dir) >> fs->block_bits);

	if (ext4_dx_limit(entries) != ext4_dx_capacity(fs, offset) ||
	    !ext4_dx_count(entries) ||
	    ext4_dx_count(entries) > ext4_dx_limit(entries))
		return false;
	for (unsigned i = 0; i < ext4_dx_count(entries); i++) {
		/* Nothing below points back to the root. */
		if (!le32_to_cpu(entries[i].block) ||
		    le32_to_cpu(entries[i].block) >= nr)
			return false;
	}
	return true;
}

int ext4_dx_check_block(struct inode *dir, struct buffer *buf, uint32_t lblk)
{
	struct ext4_fs *fs = ext4_fs(dir);

	if (buf->checked_as == EXT4_BUFFER_DX)
		return 0;
	if (!(lblk ? ext4_dx_node_is_sane(fs, buf)
		   : ext4_dx_root_is_sane(fs, buf)) ||
	    !ext4_dx_entries_are_sane(dir, buf))
		return ext4_damaged(fs, dir->ino, "wrong index in block %u",
				    lblk);
	if (fs->has_csum && le32_to_cpu(ext4_dx_tail(buf)->dt_checksum) !=
				    ext4_dx_csum(ext4_inode(dir)->csum_seed,
						 buf, ext4_dx_tail(buf)))
		return ext4_damaged(fs, dir->ino,
				    "wrong checksum of index block %u", lblk);
	ext4_dx_ready(dir, buf);
	return 0;
}

bool ext4_dx_is_node(struct inode *dir, const struct buffer *buf, uint32_t lblk)
{
	/* An empty leaf without room for a checksum looks the same, and is. */
	return lblk == 0 || buf->checked_as == EXT4_BUFFER_DX ||
	       (buf->checked_as != EXT4_BUFFER_LEAF && ext4_fs(dir)->has_csum &&
		ext4_dx_node_is_sane(ext4_fs(dir), buf));
}

/* --- walking --- */

void ext4_dx_release(struct ext4_dx_path *path)
{
	for (unsigned i = 0; i < path->nr; i++)
		buffer_put(path->frames[i].buf);
	path->nr = 0;
}

/* The last entry whose hash is not above; the first one has no hash. */
static unsigned ext4_dx_search(const struct ext4_dx_entry *entries,
			       uint32_t hash)
{
	unsigned low = 1, high = ext4_dx_count(entries);

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (le32_to_cpu(entries[mid].hash) <= hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

/* Read an index block into the next frame, and find the entry to follow. */
static int ext4_dx_push(struct inode *dir, struct ext4_dx_path *path,
			uint32_t lblk)
{
	struct ext4_dx_frame *frame = &path->frames[path->nr];
	int ret = ext4_dir_read(dir, lblk, &frame->buf);

	if (ret)
		return ret;
	path->nr++;
	ret = ext4_dx_check_block(dir, frame->buf, lblk);
	if (ret)
		return ret;
	/* A node that was checked for another place must be a node here. */
	if ((lblk == 0) !=
	    (ext4_dx_entries_offset(frame->buf) == DX_ROOT_ENTRIES))
		return ext4_damaged(ext4_fs(dir), dir->ino, "index is tangled");
	frame->entries = ext4_dx_entries(frame->buf);
	frame->at = ext4_dx_search(frame->entries, path->hash);
	return 0;
}

static int ext4_dx_hash_name(struct inode *dir, const char *name, size_t len,
			     const struct buffer *root, uint32_t *hash)
{
	struct ext4_fs *fs = ext4_fs(dir);
	unsigned version = ext4_dx_root_info(root)->hash_version;

	if (version <= EXT4_DX_TEA && fs->hash_unsigned)
		version += EXT4_DX_LEGACY_UNSIGNED;
	if (!ext4_dir_hash(fs, version, name, len, hash))
		return ext4_damaged(fs, dir->ino, "unknown hash version %u",
				    version);
	return 0;
}

int ext4_dx_hash(struct inode *dir, const struct ext4_dx_path *path,
		 const char *name, size_t len, uint32_t *hash)
{
	return ext4_dx_hash_name(dir, name, len, path->frames[0].buf, hash);
}

int ext4_dx_walk(struct inode *dir, const char *name, size_t len,
		 struct ext4_dx_path *path)
{
	unsigned levels;
	int ret;

	path->nr = 0;
	path->hash = 0;
	ret = ext4_dx_push(dir, path, 0);
	if (!ret)
		ret = ext4_dx_hash(dir, path, name, len, &path->hash);
	if (ret)
		goto err_release;
	path->frames[0].at =
		ext4_dx_search(path->frames[0].entries, path->hash);
	levels = ext4_dx_root_info(path->frames[0].buf)->indirect_levels;
	while (!ret && path->nr <= levels) {
		const struct ext4_dx_frame *frame = &path->frames[path->nr - 1];

		ret = ext4_dx_push(
			dir, path,
			le32_to_cpu(frame->entries[frame->at].block));
	}
	if (!ret)
		return 0;
err_release:
	ext4_dx_release(path);
	return ret;
}

int ext4_dx_read_leaf(struct inode *dir, const struct ext4_dx_path *path,
		      struct buffer **result, uint32_t *lblk)
{
	const struct ext4_dx_frame *frame = &path->frames[path->nr - 1];
	int ret;

	*lblk = le32_to_cpu(frame->entries[frame->at].block);
	ret = ext4_dir_read(dir, *lblk, result);
	if (ret)
		return ret;
	if ((*result)->checked_as == EXT4_BUFFER_DX)
		ret = ext4_damaged(ext4_fs(dir), dir->ino, "index is tangled");
	else
		ret = ext4_dir_check_leaf(dir, *result, *lblk);
	if (ret)
		buffer_put(*result);
	return ret;
}

/* --- finding --- */

/*
 * Go on to the next leaf if the hash continues there.  1: yes, 0: no, or an
 * error.
 */
static int ext4_dx_next(struct inode *dir, struct ext4_dx_path *path)
{
	unsigned level = path->nr;
	struct ext4_dx_frame *frame;
	uint32_t next;
	int ret;

	do {
		if (!level)
			return 0;
		frame = &path->frames[--level];
	} while (frame->at + 1 >= ext4_dx_count(frame->entries));
	next = le32_to_cpu(frame->entries[frame->at + 1].hash);
	if (next != (path->hash | 1))
		return 0;
	frame->at++;
	/* Down again along the first entries. */
	while (level + 1 < path->nr) {
		uint32_t lblk = le32_to_cpu(frame->entries[frame->at].block);

		level++;
		buffer_put(path->frames[level].buf);
		path->frames[level].buf = NULL;
		path->nr = level;
		ret = ext4_dx_push(dir, path, lblk);
		if (ret)
			return ret;
		frame = &path->frames[level];
		frame->at = 0;
	}
	return 1;
}

int ext4_dx_find(struct inode *dir, const char *name, size_t len,
		 struct ext4_dir_pos *pos)
{
	struct ext4_dx_path path;
	struct buffer *buf;
	int ret;

	ret = ext4_dx_walk(dir, name, len, &path);
	if (ret)
		return ret;
	do {
		ret = ext4_dx_read_leaf(dir, &path, &buf, &pos->lblk);
		if (ret)
			break;
		ret = ext4_dir_find_in_block(dir, buf, name, len, pos);
		if (!ret)
			break;
		buffer_put(buf);
		ret = ext4_dx_next(dir, &path);
		if (!ret)
			ret = -ENOENT;
	} while (ret == 1);
	ext4_dx_release(&path);
	return ret;
}
