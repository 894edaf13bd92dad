// SPDX-License-Identifier: MIT
/*
 * The model: a tree of names and contents in plain memory, as the file system
 * should have it.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <sys/queue.h>

#include <lib/types.h>

#include "host/host.h"

#define NR_NODES 4096

/* How large it gets; set before anything is made. */
struct model {
	unsigned names;  /* different ones in a directory */
	size_t size_max; /* bytes of a file */
	size_t align;    /* positions and lengths are multiples of it */
	bool threads;    /* several; and nothing that was is forgotten */
};

extern struct model model;

#define CHECK(cond, ...)                                                       \
	do {                                                                   \
		if (!(cond)) {                                                 \
			printf("%s:%d: ", __FILE__, __LINE__);                 \
			printf(__VA_ARGS__);                                   \
			puts("");                                              \
			exit(1);                                               \
		}                                                              \
	} while (0)

/*
 * A file as it was at some time, and what happened to it since; of a directory
 * only whether its names changed.
 */
struct record {
	bool is_made;
	char *data; /* size bytes */
	size_t size;
	bool changed;    /* since */
	size_t min, max; /* sizes it had since */
};

struct node {
	uint32_t id;
	uint32_t mode;
	unsigned nlink;
	uint64_t ino; /* 0: not known */
	char *data;   /* model.size_max bytes, or a link's target */
	size_t size;
	bool in_use; /* an operation changes or compares the contents */
	struct record synced;   /* when the last sync that returned began */
	struct record syncing;  /* when a sync began that has not returned */
	struct node *parent;    /* of a directory */
	struct node **children; /* of a directory, by name number */
	bool *claimed;          /* of a directory: names that are in use */
	unsigned nr_claimed;    /* UINT_MAX: nobody may use any name */
	/* Of a file kept open without a name; of a directory, with threads. */
	struct inode *held;
	STAILQ_ENTRY(node) link; /* of all_nodes, with threads */
};

STAILQ_HEAD(node_list, node);

extern struct node *root;
extern struct node *dirs[NR_NODES];
extern unsigned nr_dirs;
extern struct node *open_files[8]; /* without a name */
extern struct node_list all_nodes; /* with threads */
extern uint64_t random_state;

/* From 0 to n - 1. */
unsigned random_below(unsigned n);

/* One with one name, which its maker enters into a directory. */
struct node *node_new(uint32_t mode);
/*
 * One name less; with the last one, and not held open, it is freed, unless
 * there are threads: then it stays in all_nodes.
 */
void node_put(struct node *node);
/* It is no directory that operations choose any more. */
void forget_dir(struct node *dir);
bool is_empty(const struct node *dir);
/* Is dir below top, or top itself? */
bool is_below(const struct node *dir, const struct node *top);

/* Name number n, in buf of 256 bytes. */
const char *name_of(unsigned n, char *buf);

/* The inode of a model directory, found by its path; referenced. */
struct inode *dir_inode(struct super *super, struct node *dir);

/*
 * For the time of an operation, which may sleep: a name of a directory, or a
 * directory in which no name is used.  False: somebody else has it.
 */
bool name_claim(struct node *dir, unsigned n);
void name_release(struct node *dir, unsigned n);
bool dir_claim(struct node *dir);
void dir_release(struct node *dir);
