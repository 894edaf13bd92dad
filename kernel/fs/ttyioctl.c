// SPDX-License-Identifier: MIT
/*
 * The ioctls of terminals: ioctl_tty(2).
 *
 * One function a subject, one table from numbers to functions.
 */
#include <fs/ttyioctl.h>

#include <asm/ioctls.h>
#include <asm/signal.h>
#include <linux/capability.h>
#include <string.h>

#include <lib/errno.h>

#include <dev/tty.h>
#include <fs/file.h>
#include <mm/usercopy.h>
#include <proc/task.h>

/* --- Settings -------------------------------------------------------- */

/* Wait until all output has gone to the device. */
static int drain_output(struct tty *tty)
{
	int ret = waitq_wait_interruptible(&tty->writable,
					   !tty_output_pending(tty));

	return ret ? -ERESTARTSYS : 0;
}

static void get_settings(struct tty *tty, struct termios2 *settings)
{
	mutex_lock(&tty->discipline);
	*settings = tty->termios;
	mutex_unlock(&tty->discipline);
}

static long get_termios(struct tty *tty, unsigned cmd, unsigned long arg)
{
	struct termios2 settings;

	/* struct termios is the head of struct termios2. */
	get_settings(tty, &settings);
	return copy_to_user((void __user *)arg, &settings,
			    cmd == TCGETS ? sizeof(struct termios)
					  : sizeof(settings));
}

static long set_termios(struct tty *tty, unsigned cmd, unsigned long arg)
{
	bool old_style = cmd == TCSETS || cmd == TCSETSW || cmd == TCSETSF;
	struct termios2 settings;
	int ret;

	ret = ttyfile_check_foreground(tty, SIGTTOU);
	if (ret)
		return ret;
	get_settings(tty, &settings);
	ret = copy_from_user(&settings, (void __user *)arg,
			     old_style ? sizeof(struct termios)
				       : sizeof(settings));
	if (ret)
		return ret;
	if (cmd != TCSETS && cmd != TCSETS2) {
		ret = drain_output(tty);
		if (ret)
			return ret;
	}
	if (cmd == TCSETSF || cmd == TCSETSF2)
		tty_flush_input(tty);
	tty_set_termios(tty, &settings);
	return 0;
}

static long get_winsize(struct tty *tty, unsigned cmd, unsigned long arg)
{
	struct winsize size;

	(void)cmd;
	mutex_lock(&tty->discipline);
	size = tty->winsize;
	mutex_unlock(&tty->discipline);
	return copy_to_user((void __user *)arg, &size, sizeof(size));
}

static long set_winsize(struct tty *tty, unsigned cmd, unsigned long arg)
{
	struct winsize size;
	bool changed;

	(void)cmd;
	if (copy_from_user(&size, (void __user *)arg, sizeof(size)))
		return -EFAULT;
	mutex_lock(&tty->discipline);
	changed = memcmp(&size, &tty->winsize, sizeof(size));
	tty->winsize = size;
	mutex_unlock(&tty->discipline);
	if (changed)
		tty_signal_foreground(tty, SIGWINCH);
	return 0;
}

/* --- Sessions and groups ------------------------------------------------ */

int ttyfile_acquire(struct tty *tty)
{
	struct process *process = current->process;
	unsigned long flags;
	int ret = -EPERM;

	if (process->sid != process->pid || process_tty())
		return -EPERM;
	flags = spin_lock_irqsave(&tty->lock);
	if (!tty->session) {
		tty->session = process->sid;
		tty->pgrp = process->pgid;
		ret = 0;
	}
	spin_unlock_irqrestore(&tty->lock, flags);
	if (!ret)
		process_set_tty(tty);
	return ret;
}

static long set_controlling(struct tty *tty, unsigned cmd, unsigned long arg)
{
	(void)cmd;
	(void)arg; /* stealing from another session is not offered */
	if (process_tty() == tty && current->process->sid == tty->session)
		return 0;
	return ttyfile_acquire(tty);
}

static long drop_controlling(struct tty *tty, unsigned cmd, unsigned long arg)
{
	struct process *process = current->process;
	int pgrp;

	(void)cmd;
	(void)arg;
	if (process_tty() != tty)
		return -ENOTTY;
	if (process->sid == process->pid) {
		pgrp = tty_session_end(tty, process->sid);
		if (pgrp) {
			pgrp_signal(pgrp, SIGHUP);
			pgrp_signal(pgrp, SIGCONT);
		}
	}
	process_set_tty(NULL);
	return 0;
}

static long get_pgrp(struct tty *tty, unsigned cmd, unsigned long arg)
{
	int id;

	if (process_tty() != tty)
		return -ENOTTY;
	id = cmd == TIOCGPGRP ? tty->pgrp : tty->session;
	return put_user(id, (int __user *)arg);
}

static long set_pgrp(struct tty *tty, unsigned cmd, unsigned long arg)
{
	unsigned long flags;
	int pgrp;
	int ret;

	(void)cmd;
	if (process_tty() != tty || tty->session != current->process->sid)
		return -ENOTTY;
	ret = ttyfile_check_foreground(tty, SIGTTOU);
	if (ret)
		return ret;
	if (get_user(pgrp, (int __user *)arg))
		return -EFAULT;
	if (pgrp <= 0)
		return -EINVAL;
	if (!pgrp_exists(pgrp))
		return -ESRCH;
	if (!pgrp_is_in_session(pgrp, tty->session))
		return -EPERM;
	flags = spin_lock_irqsave(&tty->lock);
	tty->pgrp = pgrp;
	spin_unlock_irqrestore(&tty->lock, flags);
	return 0;
}

/* --- Queues ------------------------------------------------------------ */

static long queued_bytes(struct tty *tty, unsigned cmd, unsigned long arg)
{
	int n;

	if (cmd == TIOCOUTQ) {
		n = tty_output_pending(tty);
	} else {
		mutex_lock(&tty->discipline);
		n = tty_readable(tty);
		mutex_unlock(&tty->discipline);
	}
	return put_user(n, (int __user *)arg);
}

static long flush_queues(struct tty *tty, unsigned cmd, unsigned long arg)
{
	int ret = ttyfile_check_foreground(tty, SIGTTOU);

	(void)cmd;
	if (ret)
		return ret;
	if (arg != TCIFLUSH && arg != TCOFLUSH && arg != TCIOFLUSH)
		return -EINVAL;
	if (arg != TCOFLUSH)
		tty_flush_input(tty);
	if (arg != TCIFLUSH)
		tty_flush_output(tty);
	return 0;
}

static long flow_control(struct tty *tty, unsigned cmd, unsigned long arg)
{
	(void)cmd;
	switch (arg) {
	case TCOOFF:
	case TCOON:
		tty_set_stopped(tty, arg == TCOOFF);
		return 0;
	case TCIOFF:
	case TCION:
		return 0; /* the other side is never asked to pause */
	default:
		return -EINVAL;
	}
}

/* tcdrain(3) is TCSBRK with an argument; breaks themselves are not sent. */
static long send_break(struct tty *tty, unsigned cmd, unsigned long arg)
{
	(void)cmd;
	(void)arg;
	return drain_output(tty);
}

static long type_char(struct tty *tty, unsigned cmd, unsigned long arg)
{
	char c;

	(void)cmd;
	if (process_tty() != tty && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(c, (char __user *)arg))
		return -EFAULT;
	tty_type(tty, c);
	return 0;
}

/* --- The table --------------------------------------------------------- */

static const struct {
	unsigned cmd;
	long (*fn)(struct tty *tty, unsigned cmd, unsigned long arg);
} tty_ioctls[] = {
	{ TCGETS, get_termios },        { TCGETS2, get_termios },
	{ TCSETS, set_termios },        { TCSETSW, set_termios },
	{ TCSETSF, set_termios },       { TCSETS2, set_termios },
	{ TCSETSW2, set_termios },      { TCSETSF2, set_termios },
	{ TIOCGWINSZ, get_winsize },    { TIOCSWINSZ, set_winsize },
	{ TIOCSCTTY, set_controlling }, { TIOCNOTTY, drop_controlling },
	{ TIOCGPGRP, get_pgrp },        { TIOCGSID, get_pgrp },
	{ TIOCSPGRP, set_pgrp },        { TIOCOUTQ, queued_bytes },
	{ FIONREAD, queued_bytes },     { TCFLSH, flush_queues },
	{ TCXONC, flow_control },       { TCSBRK, send_break },
	{ TCSBRKP, send_break },        { TIOCSTI, type_char },
};

long ttyfile_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tty_ioctls); i++) {
		if (tty_ioctls[i].cmd == cmd)
			return tty_ioctls[i].fn(file->private, cmd, arg);
	}
	return -ENOTTY;
}
