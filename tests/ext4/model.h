// SPDX-License-Identifier: MIT
/*
 * The model: a tree of names and contents in plain memory, as the file system
 * should have it.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include <lib/types.h>

#include "host/host.h"

#define NAMES     400 /* different names in a directory */
#define SIZE_MAX_ (300 * 1024)
#define NR_NODES  4096

#define CHECK(cond, ...)                                                       \
	do {                                                                   \
		if (!(cond)) {                                                 \
			printf("%s:%d: ", __FILE__, __LINE__);                 \
			printf(__VA_ARGS__);                                   \
			puts("");                                              \
			exit(1);                                               \
		}                                                              \
	} while (0)

struct node {
	uint32_t mode;
	unsigned nlink;
	char *data; /* SIZE_MAX_ bytes, or a link's target */
	size_t size;
	struct node *parent;    /* of a directory */
	struct node **children; /* of a directory, by name number */
	struct inode *held;     /* of a file kept open without a name */
};

extern struct node *root;
extern struct node *dirs[NR_NODES];
extern unsigned nr_dirs;
extern struct node *open_files[8]; /* without a name */
extern uint64_t random_state;

/* From 0 to n - 1. */
unsigned random_below(unsigned n);

/* One with one name, which its maker enters into a directory. */
struct node *node_new(uint32_t mode);
/* One name less; with the last one, and not held open, it is freed. */
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
