// SPDX-License-Identifier: MIT
/*
 * Radix trees.
 *
 * A node has 64 slots; its shift says which 6 bits of the index choose one.
 * The root word is NULL, an item (of index 0, alone), or a node with bit 0
 * set.  Small files thus need no node at all.
 *
 * radix_find() takes no lock.  That is safe because nodes are freed only by
 * radix_destroy(), when nobody else can reach the tree: a node once seen stays
 * a node of this tree at this place.  A tree grows at the top: the new node is
 * complete before the root word names it, and old root words stay right for
 * the indexes they cover.  The price is that nodes emptied by removals remain,
 * 544 bytes for 64 pages, until the inode leaves the cache.
 * An item that is found may have been removed since: the page cache takes a
 * reference and looks again.
 */
#include "radix.h"

#include <lib/errno.h>

#include <core/alloc.h>

#define RADIX_BITS  6
#define RADIX_SLOTS (1u << RADIX_BITS)
#define RADIX_NODE  1ul /* bit 0 of a root word or slot: it is a node */
#define RADIX_TAG   2ul /* bit 1 of a root word that is an item: its tag */

struct radix_node {
	struct radix_node *parent; /* [lock] NULL: the root */
	uint8_t shift;             /* [I] */
	uint8_t slot;              /* [lock] in the parent */
	uint64_t used;             /* [lock] bit: the slot is not NULL */
	uint64_t tagged;           /* [lock] bit: something below has the tag */
	void *slots[RADIX_SLOTS];  /* [lock to change] */
};

static struct slab_cache *radix_cache;

void radix_init(void)
{
	radix_cache =
		slab_cache_create("radix", sizeof(struct radix_node), 8, NULL);
}

static bool entry_is_node(const void *entry)
{
	return (uintptr_t)entry & RADIX_NODE;
}

static struct radix_node *entry_node(const void *entry)
{
	return (struct radix_node *)((uintptr_t)entry - RADIX_NODE);
}

static void *entry_item(const void *entry)
{
	return (void *)((uintptr_t)entry & ~RADIX_TAG);
}

static void *node_entry(struct radix_node *node)
{
	return (void *)((uintptr_t)node + RADIX_NODE);
}

static unsigned node_slot(const struct radix_node *node, uint64_t index)
{
	return index >> node->shift & (RADIX_SLOTS - 1);
}

/* Does the tree below this entry reach as far as index? */
static bool entry_covers(const void *entry, uint64_t index)
{
	if (!entry_is_node(entry))
		return index == 0;
	return index >> entry_node(entry)->shift < RADIX_SLOTS;
}

void *radix_find(const radix_root *root, uint64_t index)
{
	/* Acquire pairs with publish(): a node is complete when it is seen. */
	void *entry = __atomic_load_n(root, __ATOMIC_ACQUIRE);

	if (!entry || !entry_covers(entry, index))
		return NULL;
	while (entry_is_node(entry)) {
		struct radix_node *node = entry_node(entry);

		entry = __atomic_load_n(&node->slots[node_slot(node, index)],
					__ATOMIC_ACQUIRE);
	}
	return entry_item(entry);
}

static void publish(void **place, void *entry)
{
	__atomic_store_n(place, entry, __ATOMIC_RELEASE);
}

static struct radix_node *node_create(unsigned shift)
{
	struct radix_node *node = slab_alloc_atomic(radix_cache);

	if (!node)
		return NULL;
	*node = (struct radix_node){ .shift = (uint8_t)shift };
	return node;
}

static void node_set(struct radix_node *node, unsigned slot, void *entry)
{
	node->used |= 1ull << slot;
	publish(&node->slots[slot], entry);
}

/* Put a level on top of what the root names. */
static int tree_grow(radix_root *root)
{
	void *old = *root;
	struct radix_node *node;

	node = node_create(
		entry_is_node(old) ? entry_node(old)->shift + RADIX_BITS : 0);
	if (!node)
		return -ENOMEM;
	if (entry_is_node(old)) {
		node_set(node, 0, old);
		node->tagged = entry_node(old)->tagged != 0;
		entry_node(old)->parent = node;
	} else if (old) {
		node_set(node, 0, entry_item(old));
		node->tagged = ((uintptr_t)old & RADIX_TAG) != 0;
	}
	publish(root, node_entry(node));
	return 0;
}

/* The lowest node for index; made if it is missing.  NULL: no memory. */
static struct radix_node *tree_reach(radix_root *root, uint64_t index)
{
	struct radix_node *node;

	while (!*root || !entry_covers(*root, index) || !entry_is_node(*root)) {
		if (tree_grow(root))
			return NULL;
	}
	for (node = entry_node(*root); node->shift;) {
		unsigned slot = node_slot(node, index);
		struct radix_node *below;

		if (!node->slots[slot]) {
			below = node_create(node->shift - RADIX_BITS);
			if (!below)
				return NULL;
			below->parent = node;
			below->slot = (uint8_t)slot;
			node_set(node, slot, node_entry(below));
		}
		node = entry_node(node->slots[slot]);
	}
	return node;
}

int radix_insert(radix_root *root, uint64_t index, void *item)
{
	struct radix_node *node;
	unsigned slot;

	if (!*root && !index) {
		publish(root, item);
		return 0;
	}
	node = tree_reach(root, index);
	if (!node)
		return -ENOMEM;
	slot = node_slot(node, index);
	if (node->slots[slot])
		return -EEXIST;
	node_set(node, slot, item);
	return 0;
}

/* The lowest node for index, or NULL: there is none. */
static struct radix_node *tree_node(const radix_root *root, uint64_t index)
{
	struct radix_node *node;

	if (!*root || !entry_is_node(*root) || !entry_covers(*root, index))
		return NULL;
	for (node = entry_node(*root); node->shift;) {
		void *entry = node->slots[node_slot(node, index)];

		if (!entry)
			return NULL;
		node = entry_node(entry);
	}
	return node;
}

void *radix_remove(radix_root *root, uint64_t index)
{
	struct radix_node *node;
	unsigned slot;
	void *item;

	if (*root && !entry_is_node(*root) && !index) {
		item = entry_item(*root);
		publish(root, NULL);
		return item;
	}
	node = tree_node(root, index);
	if (!node)
		return NULL;
	radix_clear_tag(root, index);
	slot = node_slot(node, index);
	item = node->slots[slot];
	node->used &= ~(1ull << slot);
	publish(&node->slots[slot], NULL);
	return item;
}

static bool root_is_item(const radix_root *root, uint64_t index)
{
	return *root && !entry_is_node(*root) && !index;
}

void radix_set_tag(radix_root *root, uint64_t index)
{
	struct radix_node *node = tree_node(root, index);
	unsigned slot;

	if (root_is_item(root, index))
		publish(root, (void *)((uintptr_t)*root | RADIX_TAG));
	if (!node)
		return;
	slot = node_slot(node, index);
	for (; node; node = node->parent) {
		node->tagged |= 1ull << slot;
		slot = node->slot;
	}
}

void radix_clear_tag(radix_root *root, uint64_t index)
{
	struct radix_node *node = tree_node(root, index);
	unsigned slot;

	if (root_is_item(root, index))
		publish(root, entry_item(*root));
	if (!node)
		return;
	slot = node_slot(node, index);
	for (; node; node = node->parent) {
		node->tagged &= ~(1ull << slot);
		if (node->tagged)
			break;
		slot = node->slot;
	}
}

/* The index after everything below node that holds index; 0: there is none. */
static uint64_t index_after(const struct radix_node *node, uint64_t index)
{
	unsigned shift = node->shift + RADIX_BITS;

	return shift < 64 ? ((index >> shift) + 1) << shift : 0;
}

/* The first item in the subtree, or NULL with *index behind it. */
static void *subtree_next(struct radix_node *node, uint64_t *index, bool tagged)
{
	for (;;) {
		unsigned slot = node_slot(node, *index);
		uint64_t bits = tagged ? node->tagged : node->used;
		unsigned found;

		bits &= ~0ull << slot;
		if (!bits) {
			*index = index_after(node, *index);
			return NULL;
		}
		found = (unsigned)__builtin_ctzll(bits);
		if (found != slot) {
			*index = *index >> node->shift;
			*index += found - slot;
			*index <<= node->shift;
		}
		if (!node->shift)
			return node->slots[found];
		node = entry_node(node->slots[found]);
	}
}

void *radix_next(const radix_root *root, uint64_t *index, bool tagged)
{
	void *item = NULL;

	if (root_is_item(root, *index))
		return !tagged || (uintptr_t)*root & RADIX_TAG
			       ? entry_item(*root)
			       : NULL;
	if (!*root || !entry_is_node(*root))
		return NULL;
	while (!item && entry_covers(*root, *index)) {
		item = subtree_next(entry_node(*root), index, tagged);
		if (!item && !*index)
			break;
	}
	return item;
}

/* Leaves first; the tree is its own stack, so depth costs nothing. */
void radix_destroy(radix_root *root)
{
	struct radix_node *node;

	if (!*root || !entry_is_node(*root)) {
		*root = NULL;
		return;
	}
	node = entry_node(*root);
	while (node) {
		struct radix_node *parent = node->parent;

		if (node->shift && node->used) {
			unsigned slot = (unsigned)__builtin_ctzll(node->used);

			node->used &= node->used - 1;
			node = entry_node(node->slots[slot]);
			continue;
		}
		slab_free(radix_cache, node);
		node = parent;
	}
	*root = NULL;
}
