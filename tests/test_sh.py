"""The shell, run by qemu-riscv64: against dash, and on a pseudo terminal.

Scripts need no other program of ours: what they call is the host's.
"""
import os
import subprocess

import pexpect
import pytest

from keel.machine import built

EMULATOR = 'qemu-riscv64'
KEELBOX = os.path.abspath(built('user/keelbox'))
ENV = {'PATH': '/usr/bin:/bin', 'HOME': '/', 'LC_ALL': 'C'}

pytestmark = pytest.mark.skipif(not os.path.exists(KEELBOX),
                                reason='user programs are not built')

# Each is run by our shell and by dash: output and status must agree.
SCRIPTS = {
    'words': r'''
        echo one "two  three" 'fo$ur' fi\ ve "si\"x"
        x=val; echo $x ${x}y "$x"'$x' "${x}z"
        e=; printf '<%s>' $e "$e" '' ""; echo
        v=' a  b '; printf '<%s>' $v "$v"; echo
    ''',
    'parameters': r'''
        unset u; e=; s=set
        echo ${u-a} ${u:-b} ${e-c} ${e:-d} ${s-e} ${u+f} ${s+g} ${e:+h}.
        echo ${u:=new} $u ${#s} "${u:-"q r"}"
        p=/usr/lib/libc.so.6; echo ${p#*/} ${p##*/} ${p%.*} ${p%%.*}
        w='*'; echo "${p%"$w"}" ${p%'.6'}
        set -- a 'b c' d; echo $# $1 "$2" ${3}
        for i in "$@"; do echo "<$i>"; done
        for i in $*; do echo "[$i]"; done
        IFS=-; echo "$*"; unset IFS; shift 2; echo $# "$@"
        set --; for i in "$@"; do echo never; done; echo "x$@y"
    ''',
    'splitting': r'''
        IFS=:; v=a::b:c:; for w in $v; do echo "<$w>"; done
        IFS=' :'; v='  a : b:c '; for w in $v; do echo "<$w>"; done
        unset IFS; v='1 2'; echo $v$v "$v"$v
    ''',
    'substitution': r'''
        echo $(echo a; echo b) "$(echo a; echo b)" `echo back \`echo deep\``
        x=$(printf 'lines\n\n\n'); echo "[$x]"
        echo "$(case a in a) echo in-case;; esac)"
        x=$(false); echo $?; x=1 y=$(exit 3); echo $?
        echo "a $(echo "b $(echo "c d")")"
        f() { echo from function $1; }; echo $(f arg)
    ''',
    'arithmetic': r'''
        echo $((1+2*3)) $(((1+2)*3)) $((7/2)) $((-7%3)) $((1<<4|3))
        x=5; echo $((x+1)) $(($x*2)) $((x=x+3)) $x $((x+=2)) $((!x)) $((~x))
        echo $((3>2)) $((3==4)) $((1&&0)) $((0||2)) $((1?10:20)) $((0x1f))
        echo $((0?1/0:5)) $(( 2 > 1 && 3 > 2 ))
    ''',
    'lists': r'''
        true && echo a || echo b; false && echo c || echo d
        ! false; echo $?; ! true; echo $?
        { echo g; false; }; echo $?
        (exit 7); echo $?; (x=inner; echo $x); echo "[$x]"
        if false; then echo 1; elif true; then echo 2; else echo 3; fi
        i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done
        until [ $i = 0 ]; do i=$((i-1)); done; echo $i
        for a in 1 2 3; do for b in x y; do [ $a = 2 ] && break 2; echo $a$b; done; done
        case foo.c in *.h) echo h;; *.[co]) echo c;; esac
        case "*" in \*) echo star;; esac
        case x in a|b|x) echo alt;; *) echo no;; esac; echo $?
    ''',
    'functions': r'''
        f() { echo $# "$1"; return 4; echo no; }
        f 'a b' c; echo $?
        r() { [ $1 -gt 0 ] || return 0; echo $1; r $(($1-1)); }; r 3
        g() { x=global; local l=inner; echo $l; }; l=outer; g; echo $x $l
        h() (cd /; exit 9); h; echo $?
        p() { cat; }; echo piped | p
        unset -f p; p 2>/dev/null; echo $?
    ''',
    'redirections': r'''
        d=$(mktemp -d); cd $d
        echo one >f; echo two >>f; cat f; cat <f | tr a-z A-Z
        { echo out; echo err >&2; } >f 2>&1; cat f
        ls /nowhere 2>/dev/null; echo $?
        exec 3>g; echo three >&3; exec 3>&-; cat g
        exec 4<g; read l <&4; echo $l; exec 4<&-
        cat <<A; cat <<'B'; cat <<-C
        $((1+1)) $d
A
        $x `echo` \$
B
		stripped
	C
        while read a b; do echo "$b-$a"; done <<E
1 2 3
x y
E
        for i in 1 2; do echo $i; done >h; cat h
        { echo no >/nowhere/f; } 2>/dev/null || echo fails
        : >f; [ -s f ]; echo $?; rm -r $d
    '''.replace('$d\nA', '\nA'),
    'pipelines': r'''
        printf 'b\na\n' | sort | head -1
        echo x | { read v; echo got $v; }; echo "[$v]"
        true | false; echo $?; false | true; echo $?
        ! false | true; echo $?
        seq 1000 | while read n; do s=$((s+n)); echo $s; done | tail -1
        yes | head -2
    ''',
    'globbing': r'''
        d=$(mktemp -d); cd $d; touch a.c b.c .hidden 'sp ace'; mkdir dir; touch dir/x
        echo *.c; echo *; echo "*.c" \*.c '*'; echo [ab].c ?.c */x none*
        p='*.c'; echo $p "$p"; set -f; echo *.c; set +f
        for f in *; do echo "<$f>"; done; rm -r $d
    ''',
    'builtins': r'''
        set -- -a -b arg rest; while getopts ab: o; do echo $o $OPTARG; done; echo $OPTIND
        printf '%s\n' 'x\ty  z' | { read a b; echo "[$a][$b]"; }
        printf '%s\n' 'x\ty' | { read -r a; printf '%s\n' "$a"; }
        eval 'a=1; echo $a'; eval "echo \$a"
        export E=exported; sh -c 'echo $E'; V=temp sh -c 'echo $V'; echo "[$V]"
        readonly R=1; (R=2) 2>/dev/null; echo $?
        umask 027; umask; cd /usr; pwd; cd ..; pwd; cd - >/dev/null; pwd
        test -d / -a ! -f /; echo $?; [ a = b ]; echo $?; [ ]; echo $?
        [ 3 -gt 2 ] && [ -n x ] && [ -z '' ] && [ ! a = b ] && echo tests
        printf '%d %s %x|%5s|%-5s|%c\n' 10 s 255 r l chars; printf '%s,' a b c; echo
        type cd >/dev/null; echo $?; command -v nosuchthing; echo $?
    ''',
    'traps': r'''
        trap 'echo exit trap' EXIT
        trap 'echo usr1' USR1; kill -USR1 $$; echo after
        trap '' TERM; kill -TERM $$; echo alive
        (trap 'echo sub' EXIT; true)
    ''',
    'jobs': r'''
        sleep 0.2 & wait $!; echo $?
        (exit 5) & wait $!; echo $?
        { echo bg; } & wait
        sh -c 'kill -9 $$' 2>/dev/null; echo $?
    ''',
    'errexit': r'''
        set -e; false || echo caught; if false; then :; fi; ! true
        (echo in; false; echo no) || echo subshell
        echo before; false; echo never
    ''',
    'nounset': 'set -u; echo ${x-ok}; (echo $nosuch) 2>/dev/null; echo $?',
    'exit': 'echo a; exit 3; echo b',
    'comments': "echo a # b\n# c\necho a#b 'x # y'\n",
    'continuation': 'echo a \\\n b "c\\\nd"; ec\\\nho e',
    'alias': "alias hi='echo hello'\nhi there\nunalias hi\nhi 2>/dev/null || echo gone\n",
    'xtrace': 'set -x; x=1; echo $x "a b" >/dev/null; set +x; echo done',
}


def run_shell(argv, script):
    """Output and status of a shell that runs a script."""
    result = subprocess.run(argv + ['-c', script], env=ENV, timeout=60,
                            stdin=subprocess.DEVNULL, capture_output=True,
                            text=True)
    return result.stdout, result.returncode


@pytest.mark.parametrize('name', SCRIPTS)
def test_agrees_with_dash(name):
    script = SCRIPTS[name]
    ours = run_shell([EMULATOR, '-0', 'sh', KEELBOX], script)
    assert ours == run_shell(['dash'], script)


@pytest.mark.parametrize('script', [
    'if', 'echo (', 'case x in', 'for 1 in a; do :; done', 'fi', '"', '$((1',
    '${x', 'a | | b', '&& a', '{ echo', '`echo', 'echo >', '$((1/0))', '${x!}',
])
def test_errors_are_reported(script):
    """Status 2, one message, and no more."""
    result = subprocess.run([EMULATOR, '-0', 'sh', KEELBOX, '-c', script],
                            env=ENV, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert result.stdout == ''
    assert len(result.stderr.splitlines()) == 1


@pytest.fixture
def terminal(tmp_path):
    """The shell on a terminal of 80 columns, at its prompt."""
    env = dict(ENV, HOME=str(tmp_path), PS1='ready# ', TERM='vt100')
    shell = pexpect.spawn(EMULATOR, ['-0', 'sh', KEELBOX], env=env,
                          cwd=str(tmp_path), encoding='utf-8', timeout=60,
                          dimensions=(24, 80))
    shell.expect('ready# ')
    yield shell
    shell.close(force=True)


def test_editing_keys(terminal):
    terminal.send('cho abd\x01e\x05\x7fc\x1b[D\x1b[DX\r')
    terminal.expect('\naXbc\r\n')
    terminal.expect('ready# ')
    terminal.send('junk\x15echo kept words\x17\x19\r')
    terminal.expect('\nkept words\r\n')


def test_history_and_search(terminal):
    for word in ('first', 'second'):
        terminal.send(f'echo {word}\r')
        terminal.expect(f'\n{word}\r\n')
        terminal.expect('ready# ')
    terminal.send('\x1b[A\x1b[A\r')
    terminal.expect('\nfirst\r\n')
    terminal.expect('ready# ')
    terminal.send('\x12sec\r')
    terminal.expect('\nsecond\r\n')


def test_completion(terminal, tmp_path):
    (tmp_path / 'unmistakable-file').write_text('contents\n')
    (tmp_path / 'directory').mkdir()
    terminal.send('echo unmis\t\r')
    terminal.expect('\nunmistakable-file ?\r\n')
    terminal.expect('ready# ')
    terminal.send('unali\t-a; echo dire\t\r')
    terminal.expect('\ndirectory/\r\n')


def test_lines_longer_than_the_screen(terminal):
    terminal.send('echo ' + 'x' * 200 + '\x01\x05\r')
    terminal.expect('x{200}\r\n')


def test_continuation_prompt(terminal):
    terminal.send('if true\r')
    terminal.expect('> ')
    terminal.send('then echo yes; fi\r')
    terminal.expect('\nyes\r\n')


@pytest.mark.parametrize('loop', [
    'while true; do :; done',
    'while while true; do :; done; do :; done',
    '{ until false; do :; done; } </dev/null',
])
def test_interrupt(terminal, loop):
    terminal.send(f'echo started; {loop}\r')
    terminal.expect('\nstarted\r\n')
    terminal.sendintr()
    terminal.expect('ready# ')
    terminal.send('echo status $?\r')
    terminal.expect('\nstatus 130\r\n')


def test_interrupt_of_a_typed_line(terminal):
    terminal.send('echo never\x03')
    terminal.expect(r'\^C\r\nready# ')
    terminal.send('echo now\r')
    terminal.expect('\nnow\r\n')


def test_stop_and_continue(terminal):
    terminal.send('/bin/cat; echo back $?\r')
    terminal.expect('\r\n')
    terminal.send('line\r')
    terminal.expect('line\r\nline\r\n')
    terminal.send('\x1a')
    terminal.expect(r'\[1\]\+  Stopped')
    terminal.expect('ready# ')
    terminal.send('fg\r')
    terminal.send('more\r')
    terminal.expect('more\r\n')
    terminal.send('\x04')
    terminal.expect('ready# ')


def test_background_job_is_reported(terminal):
    terminal.send('/bin/true & wait\r')
    terminal.expect(r'\[1\] \d+')
    terminal.expect('ready# ')


def test_errors_leave_the_prompt(terminal):
    for line in ('echo )', '${x?}', 'echo $((1/0))', 'nosuchcommand'):
        terminal.send(line + '\r')
        terminal.expect('sh: .*\r\n')
        terminal.expect('ready# ')


def test_end_of_file_ends(terminal):
    terminal.send('\x04')
    terminal.expect(pexpect.EOF)
