// SPDX-License-Identifier: MIT
/*
 * Hash trees of directories: adding names.
 *
 * A full leaf is split by hash: the upper half of its names moves to a new
 * leaf at the directory's end.  The lower half stays where it is in the block,
 * so that somebody who is reading the directory may see a name twice, but never
 * misses one.  A full index node is split likewise; a full root moves down.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/panic.h>

#include "dx.h"

/*
 * More splits than levels cannot be of use.  Each changes two blocks and the root
 * and appends one; so much may be in a transaction.
 */
#define SPLITS_MAX (2 * DX_LEVELS_MAX + 2)

/* A name of a leaf that is to be split. */
struct ext4_dx_name {
	uint32_t hash;
	uint16_t offset, size; /* of the entry; what it needs */
};

/* --- index blocks --- */

static void ext4_dx_set_count(struct ext4_dx_entry *entries, unsigned count)
{
	entries->count = cpu_to_le16((uint16_t)count);
}

/* Behind the frame's entry: the caller has begun to modify the buffer. */
static void ext4_dx_insert(struct ext4_dx_frame *frame, uint32_t hash,
			   uint32_t lblk)
{
	unsigned count = ext4_dx_count(frame->entries);
	struct ext4_dx_entry *at = &frame->entries[frame->at + 1];

	ASSERT(count < ext4_dx_limit(frame->entries));
	memmove(at + 1, at, (count - frame->at - 1) * sizeof(*at));
	at->hash = cpu_to_le32(hash);
	at->block = cpu_to_le32(lblk);
	ext4_dx_set_count(frame->entries, count + 1);
}

/* A new, empty index node at the end of the directory. */
static int ext4_dx_new_node(struct inode *dir, struct buffer **result,
			    uint32_t *lblk)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dir_entry *fake;
	struct ext4_dx_entry *entries;
	uint32_t room = fs->block_size - (uint32_t)sizeof(*fake);
	int ret = ext4_dir_append(dir, result, lblk);

	if (ret)
		return ret;
	fake = (*result)->data;
	memset(fake, 0, fs->block_size);
	fake->rec_len = ext4_rec_len_put(fs, fs->block_size);
	if (fs->has_csum)
		room -= sizeof(struct ext4_dx_tail);
	entries = ext4_dx_entries(*result);
	entries->limit = cpu_to_le16((uint16_t)(room / sizeof(*entries)));
	ext4_dx_ready(dir, *result);
	return 0;
}

/* The root is full: its entries go one level down. */
static int ext4_dx_grow(struct inode *dir, struct ext4_dx_path *path)
{
	struct ext4_dx_frame *root = &path->frames[0];
	unsigned count = ext4_dx_count(root->entries);
	struct ext4_dx_entry *entries;
	struct buffer *node;
	uint32_t lblk;
	int ret;

	ret = ext4_dx_new_node(dir, &node, &lblk);
	if (ret)
		return ret;
	entries = ext4_dx_entries(node);
	memcpy(entries + 1, root->entries + 1, (count - 1) * sizeof(*entries));
	entries->block = root->entries->block;
	ext4_dx_set_count(entries, count);
	buffer_mark_dirty(node);
	buffer_put(node);

	buffer_begin_modify(root->buf);
	ext4_dx_set_count(root->entries, 1);
	root->entries->block = cpu_to_le32(lblk);
	ext4_dx_root_info(root->buf)->indirect_levels++;
	buffer_mark_dirty(root->buf);
	return 0;
}

/* The upper half of a full node goes to a new one; the root has room. */
static int ext4_dx_split_node(struct inode *dir, struct ext4_dx_path *path)
{
	struct ext4_dx_frame *root = &path->frames[0];
	struct ext4_dx_frame *frame = &path->frames[1];
	unsigned count = ext4_dx_count(frame->entries), keep = count / 2;
	struct ext4_dx_entry *entries;
	struct buffer *node;
	uint32_t lblk;
	int ret;

	ret = ext4_dx_new_node(dir, &node, &lblk);
	if (ret)
		return ret;
	entries = ext4_dx_entries(node);
	memcpy(entries + 1, frame->entries + keep + 1,
	       (count - keep - 1) * sizeof(*entries));
	entries->block = frame->entries[keep].block;
	ext4_dx_set_count(entries, count - keep);
	buffer_mark_dirty(node);
	buffer_put(node);

	buffer_begin_modify(root->buf);
	ext4_dx_insert(root, le32_to_cpu(frame->entries[keep].hash), lblk);
	buffer_mark_dirty(root->buf);
	buffer_begin_modify(frame->buf);
	ext4_dx_set_count(frame->entries, keep);
	buffer_mark_dirty(frame->buf);
	return 0;
}

/* Room for one more entry in the last frame; the walk starts anew after. */
static int ext4_dx_make_room(struct inode *dir, struct ext4_dx_path *path)
{
	if (path->nr == 1)
		return ext4_dx_grow(dir, path);
	if (ext4_dx_count(path->frames[0].entries) ==
	    ext4_dx_limit(path->frames[0].entries))
		return -ENOSPC;
	return ext4_dx_split_node(dir, path);
}

/* --- leaves --- */

static struct ext4_dir_entry *ext4_entry_at(const struct buffer *buf,
					    uint32_t offset)
{
	return (struct ext4_dir_entry *)((char *)buf->data + offset);
}

/* List the names of a leaf with their hashes. */
static int ext4_dx_list_names(struct inode *dir,
			      const struct ext4_dx_path *path,
			      const struct buffer *leaf,
			      struct ext4_dx_name *names, unsigned *nr)
{
	struct ext4_fs *fs = ext4_fs(dir);
	const struct ext4_dir_entry *entry;
	int ret;

	*nr = 0;
	for (uint32_t at = 0; at < ext4_dir_leaf_size(fs);
	     at += ext4_rec_len_get(fs, entry->rec_len)) {
		entry = ext4_entry_at(leaf, at);
		if (!le32_to_cpu(entry->inode))
			continue;
		ret = ext4_dx_hash(dir, path, entry->name, entry->name_len,
				   &names[*nr].hash);
		if (ret)
			return ret;
		names[*nr].offset = (uint16_t)at;
		names[*nr].size = (uint16_t)ext4_rec_len(entry->name_len);
		++*nr;
	}
	return 0;
}

/* Shell sort: some hundred names, no recursion, no memory. */
static void ext4_dx_sort_names(struct ext4_dx_name *names, unsigned nr)
{
	static const uint16_t gaps[] = { 301, 132, 57, 23, 10, 4, 1 };

	for (size_t g = 0; g < ARRAY_SIZE(gaps); g++) {
		unsigned gap = gaps[g];

		for (unsigned i = gap; i < nr; i++) {
			struct ext4_dx_name name = names[i];
			unsigned j = i;

			for (; j >= gap && names[j - gap].hash > name.hash;
			     j -= gap)
				names[j] = names[j - gap];
			names[j] = name;
		}
	}
}

/* The first name that moves: about half of the bytes stay. */
static unsigned ext4_dx_split_point(const struct ext4_dx_name *names,
				    unsigned nr)
{
	unsigned total = 0, kept = 0, n = 0;

	for (unsigned i = 0; i < nr; i++)
		total += names[i].size;
	while (n < nr - 1 && kept + names[n].size / 2 < total / 2)
		kept += names[n++].size;
	return MAX(n, 1);
}

/* Copy the names from first on into the new leaf, one behind the other. */
static void ext4_dx_copy_names(struct ext4_fs *fs, const struct buffer *leaf,
			       struct buffer *fresh,
			       const struct ext4_dx_name *names, unsigned first,
			       unsigned nr)
{
	struct ext4_dir_entry *entry = NULL;
	uint32_t at = 0;

	for (unsigned i = first; i < nr; i++) {
		entry = ext4_entry_at(fresh, at);
		memcpy(entry, ext4_entry_at(leaf, names[i].offset),
		       names[i].size);
		entry->rec_len = ext4_rec_len_put(fs, names[i].size);
		at += names[i].size;
	}
	entry->rec_len = ext4_rec_len_put(
		fs, ext4_dir_leaf_size(fs) - (at - names[nr - 1].size));
}

/* Names that have moved leave gaps, which the entries before swallow. */
static void ext4_dx_drop_names(struct ext4_fs *fs, struct buffer *leaf,
			       const struct ext4_dx_name *names, unsigned first,
			       unsigned nr)
{
	struct ext4_dir_entry *entry, *prev = NULL;
	uint32_t at, len;

	for (unsigned i = first; i < nr; i++)
		ext4_entry_at(leaf, names[i].offset)->inode = cpu_to_le32(0);
	for (at = 0; at < ext4_dir_leaf_size(fs); at += len) {
		entry = ext4_entry_at(leaf, at);
		len = ext4_rec_len_get(fs, entry->rec_len);
		if (prev && !le32_to_cpu(entry->inode))
			prev->rec_len = ext4_rec_len_put(
				fs, ext4_rec_len_get(fs, prev->rec_len) + len);
		else
			prev = entry;
	}
}

static int ext4_dx_move_names(struct inode *dir, struct ext4_dx_path *path,
			      struct buffer *leaf,
			      const struct ext4_dx_name *names, unsigned nr)
{
	struct ext4_fs *fs = ext4_fs(dir);
	struct ext4_dx_frame *frame = &path->frames[path->nr - 1];
	unsigned first = ext4_dx_split_point(names, nr);
	uint32_t hash = names[first].hash, lblk;
	struct buffer *fresh;
	int ret;

	ret = ext4_dir_append(dir, &fresh, &lblk);
	if (ret)
		return ret;
	ext4_dx_copy_names(fs, leaf, fresh, names, first, nr);
	buffer_mark_dirty(fresh);
	buffer_put(fresh);
	buffer_begin_modify(leaf);
	ext4_dx_drop_names(fs, leaf, names, first, nr);
	buffer_mark_dirty(leaf);

	/* Names of one hash on both sides: say so. */
	if (names[first - 1].hash == hash)
		hash |= 1;
	buffer_begin_modify(frame->buf);
	ext4_dx_insert(frame, hash, lblk);
	buffer_mark_dirty(frame->buf);
	return 0;
}

static int ext4_dx_split_leaf(struct inode *dir, struct ext4_dx_path *path,
			      struct buffer *leaf)
{
	uint32_t most = ext4_fs(dir)->block_size / ext4_rec_len(1);
	struct ext4_dx_name *names = kmalloc(most * sizeof(*names));
	unsigned nr;
	int ret;

	if (!names)
		return -ENOMEM;
	ret = ext4_dx_list_names(dir, path, leaf, names, &nr);
	if (!ret && nr < 2)
		ret = -ENOSPC; /* one name fills it: cannot be */
	if (!ret) {
		ext4_dx_sort_names(names, nr);
		ret = ext4_dx_move_names(dir, path, leaf, names, nr);
	}
	kfree(names);
	return ret;
}

/* 0, -EAGAIN: something was split, walk again. */
static int ext4_dx_try_add(struct inode *dir, struct ext4_dx_path *path,
			   const char *name, size_t len,
			   const struct inode *inode)
{
	struct ext4_dx_frame *frame = &path->frames[path->nr - 1];
	struct buffer *leaf;
	uint32_t lblk;
	int ret;

	ret = ext4_dx_read_leaf(dir, path, &leaf, &lblk);
	if (ret)
		return ret;
	ret = ext4_dir_add_to_block(dir, leaf, name, len, inode);
	if (ret == -ENOSPC) {
		if (ext4_dx_count(frame->entries) ==
		    ext4_dx_limit(frame->entries))
			ret = ext4_dx_make_room(dir, path);
		else
			ret = ext4_dx_split_leaf(dir, path, leaf);
		if (!ret)
			ret = -EAGAIN;
	}
	buffer_put(leaf);
	return ret;
}

int ext4_dx_add(struct inode *dir, const char *name, size_t len,
		const struct inode *inode)
{
	struct ext4_dx_path path;
	int ret = -EAGAIN;

	for (int i = 0; ret == -EAGAIN && i < SPLITS_MAX; i++) {
		ret = ext4_dx_walk(dir, name, len, &path);
		if (ret)
			return ret;
		ret = ext4_dx_try_add(dir, &path, name, len, inode);
		ext4_dx_release(&path);
	}
	return ret == -EAGAIN ? -ENOSPC : ret;
}

/* --- from a list to a tree --- */

/* Where the entries behind ".." begin; 0: block 0 does not begin with those. */
static uint32_t ext4_dx_behind_dots(const struct ext4_fs *fs,
				    const struct buffer *buf)
{
	const struct ext4_dir_entry *dot = buf->data, *dots;
	uint32_t len = ext4_rec_len_get(fs, dot->rec_len);

	if (dot->name_len != 1 || dot->name[0] != '.' || len != ext4_rec_len(1))
		return 0;
	dots = ext4_entry_at(buf, len);
	if (dots->name_len != 2 || memcmp(dots->name, "..", 2))
		return 0;
	return len + ext4_rec_len_get(fs, dots->rec_len);
}

/* Move all entries from byte at on into the new leaf. */
static void ext4_dx_move_list(struct ext4_fs *fs, const struct buffer *root,
			      uint32_t at, struct buffer *leaf)
{
	uint32_t size = ext4_dir_leaf_size(fs), to = 0;
	struct ext4_dir_entry *entry = NULL;

	memcpy(leaf->data, (char *)root->data + at, size - at);
	while (to < size - at) {
		entry = ext4_entry_at(leaf, to);
		to += ext4_rec_len_get(fs, entry->rec_len);
	}
	/* The last one takes the room that "." and ".." had. */
	if (entry)
		entry->rec_len = ext4_rec_len_put(
			fs, ext4_rec_len_get(fs, entry->rec_len) + at);
}

static void ext4_dx_make_root(struct inode *dir, struct buffer *root,
			      uint32_t leaf_lblk)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t dot_len = ext4_rec_len(1);
	struct ext4_dir_entry *dots = ext4_entry_at(root, dot_len);
	struct ext4_dx_root_info *info = ext4_dx_root_info(root);
	struct ext4_dx_entry *entries;
	uint32_t room;

	memset(info, 0, fs->block_size - (dot_len + ext4_rec_len(2)));
	dots->rec_len = ext4_rec_len_put(fs, fs->block_size - dot_len);
	info->hash_version = fs->hash_version;
	info->info_length = sizeof(*info);
	entries = ext4_dx_entries(root);
	room = fs->block_size -
	       (uint32_t)((char *)entries - (char *)root->data);
	if (fs->has_csum)
		room -= sizeof(struct ext4_dx_tail);
	entries->limit = cpu_to_le16((uint16_t)(room / sizeof(*entries)));
	entries->block = cpu_to_le32(leaf_lblk);
	ext4_dx_set_count(entries, 1);
	ext4_dx_ready(dir, root);
}

int ext4_dx_create(struct inode *dir, struct buffer *root, const char *name,
		   size_t len, const struct inode *inode)
{
	struct ext4_fs *fs = ext4_fs(dir);
	uint32_t at = ext4_dx_behind_dots(fs, root), lblk;
	struct buffer *leaf;
	int ret;

	if (!at)
		return ext4_damaged(fs, dir->ino,
				    "does not begin with \".\" and \"..\"");
	ret = ext4_dir_append(dir, &leaf, &lblk);
	if (ret)
		return ret;
	ext4_dx_move_list(fs, root, at, leaf);
	buffer_mark_dirty(leaf);
	buffer_put(leaf);

	buffer_begin_modify(root);
	ext4_dx_make_root(dir, root, lblk);
	buffer_mark_dirty(root);
	ext4_inode(dir)->flags |= EXT4_INDEX_FL;
	return ext4_dx_add(dir, name, len, inode);
}
