"""The results as SVG, drawn by gnuplot."""
import os
import re
import shutil
import subprocess

import growth
import report
import titles

STYLE = '''\
set terminal svg size {width},{height} font "sans,12" \
    background "white" noenhanced
set output "{output}"
set grid
'''
BARS = '''\
set style fill solid 0.8 noborder
set yrange [{last}.6:-0.6]
set xrange [0:{most}]
set xlabel "part of the instructions that Linux needs"
unset key
set arrow from 1,graph 0 to 1,graph 1 nohead linewidth 2
set ytics ({tics})
$data << EOD
{data}
EOD
plot $data using ($1/2):0:($1/2):(0.35) with boxxyerror linecolor rgb "#3465a4"
'''
CURVES = '''\
set logscale xy
set xlabel "{what}"
set ylabel "guest instructions"
set key outside right
{blocks}
plot {plots}
'''
COLORS = ['#3465a4', '#cc0000', '#4e9a06', '#75507b', '#c17d11', '#06989a',
          '#d3af00', '#555753', '#f57900', '#888a85']


def quoted(text):
    """As gnuplot wants strings."""
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def draw(name, script, width, height):
    """Run gnuplot on a script; the picture's name, relative to the report."""
    output = os.path.join(report.FOLDER, name)
    head = STYLE.format(width=width, height=height, output=output)
    subprocess.run(['gnuplot', '-'], input=head + script, text=True,
                   check=True)
    return name


def draw_ratios(name, rows, keel, linux):
    """Bars: each row's cost as a part of Linux's."""
    parts = [(titles.title(row), report.ratio(keel.get(row), linux.get(row)))
             for row in rows]
    parts = [(title, part) for title, part in parts if part]
    tics = ', '.join(f'{quoted(title)} {index}'
                     for index, (title, _) in enumerate(parts))
    # So far to the right that the line at 1 is seen.
    most = max([1.05, *(part for _, part in parts)])
    script = BARS.format(last=len(parts) - 1, tics=tics, most=most,
                         data='\n'.join(f'{part:.4f}' for _, part in parts))
    return draw(name, script, 900, 80 + 20 * len(parts))


def draw_growth(what, rows, keel, linux):
    """Curves of all rows that might grow with something."""
    blocks, plots = [], []
    curves = {'Keel': growth.curves(keel), 'Linux': growth.curves(linux)}
    keys = sorted({key for found in curves.values() for key in found
                   if key[0] in rows and titles.is_shown(key[1])})
    for color, key in zip(COLORS, keys):
        name = titles.growth_title(rows, *key)
        for system, dashes in (('Keel', 1), ('Linux', 2)):
            points = curves[system].get(key)
            if not points:
                continue
            block = f'$block{len(blocks)}'
            data = '\n'.join(f'{size} {cost}' for size, cost in points)
            blocks.append(f'{block} << EOD\n{data}\nEOD')
            plots.append(f'{block} using 1:2 with linespoints linewidth 2 '
                         f'dashtype {dashes} linecolor rgb "{color}" '
                         f'title {quoted(name + ": " + system)}')
    script = CURVES.format(what=what, blocks='\n'.join(blocks),
                           plots=', \\\n'.join(plots))
    name = re.sub(r'\W+', '-', what)
    return draw(f'growth-{name}.svg', script, 1100, 500)


def is_there():
    """Can anything be drawn?"""
    return shutil.which('gnuplot') is not None
