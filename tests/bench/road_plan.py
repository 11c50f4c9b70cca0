#!/usr/bin/env python3
"""road_plan.py: a map seen from above, as SVG, from what `blacktop road sample` prints.

    build/release/blacktop road sample FILE.xodr --step 4 | tests/bench/road_plan.py > plan.svg
"""
import csv
import sys

COLORS = {"driving": "#444", "entry": "#444", "exit": "#444", "biking": "#a33", "parking": "#668",
          "shoulder": "#666", "curb": "#ccc", "sidewalk": "#bba", "border": "#7a6", "median": "#595",
          "roadWorks": "#f80", "none": "#444"}


def main():
    rows = list(csv.DictReader(sys.stdin))
    xs = [float(r["x"]) for r in rows]
    ys = [float(r["y"]) for r in rows]
    x0, x1, y0, y1 = min(xs) - 20, max(xs) + 20, min(ys) - 20, max(ys) + 20
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x0} {-y1} {x1 - x0} {y1 - y0}" '
          f'width="900" height="{900 * (y1 - y0) / (x1 - x0):.0f}">')
    print(f'<rect x="{x0}" y="{-y1}" width="{x1 - x0}" height="{y1 - y0}" fill="#d8e0c8"/>')
    cuts, last = [], None  # a cut: all outer borders at one station
    for r in rows:
        key = (r["road"], r["s"])
        if key != last or int(r["lane"]) <= cuts[-1][-1][0]:
            cuts.append([])
        cuts[-1].append((int(r["lane"]), r["type"], float(r["x"]), -float(r["y"]), r["road"]))
        last = key
    for a, b in zip(cuts, cuts[1:]):
        if a[0][4] != b[0][4] or [p[:2] for p in a] != [p[:2] for p in b]:
            continue
        for i in range(len(a) - 1):  # between neighbouring borders: the lane farther out
            kind = a[i][1] if a[i][0] < 0 else a[i + 1][1]
            quad = [a[i], a[i + 1], b[i + 1], b[i]]
            points = " ".join(f"{p[2]:.2f},{p[3]:.2f}" for p in quad)
            print(f'<polygon points="{points}" fill="{COLORS.get(kind, "#999")}"/>')
    print("</svg>")


main()
