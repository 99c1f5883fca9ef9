#!/usr/bin/env python3
"""Solves an instance of single children and pools that stand alone with other people's solvers, beside ours.

    python3 -m venv .data/peers && .data/peers/bin/pip install matching algmatch ortools
    cargo build --release
    cargo bench --bench allocation -- --write-city 2000 .data/city.json
    .data/peers/bin/python benches/peers.py target/release/kitaplatz .data/city.json

A solver that is not installed is left out. Every one that runs must place every child where ours does, since the best stable
allocation for all children is unique; CP-SAT gets it by minimising the sum of ranks among all stable ones.
"""

import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time


def ours(binary, path):
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run([binary, "allocation", "solve", path, "--out", out.name], check=True)
        result = json.load(open(out.name))
    return {row["child"]: row["pool"] for row in result["assignments"]}


def lists(instance):
    """Pools of each child, and children of each pool in the order in which it takes them."""
    assert not instance.get("nodes") and not any(pool.get("reserves") for pool in instance["pools"])
    seed = (instance.get("seed") or "").encode()
    wishes, applicants = {}, {pool["id"]: [] for pool in instance["pools"]}
    for family in instance["families"]:
        number = hmac.new(seed, family["id"].encode(), hashlib.sha256).digest()
        for child in family["children"]:
            wishes[child["id"]] = [wish["pool"] for wish in child["wishes"]]
            for wish in child["wishes"]:
                key = ([-number for number in wish["priority"]], number, family["id"], child["id"])
                applicants[wish["pool"]].append(key)
    order = {pool: [key[-1] for key in sorted(keys)] for pool, keys in applicants.items()}
    caps = {pool["id"]: pool["cap"] for pool in instance["pools"] if order[pool["id"]]}
    return wishes, {pool: order[pool] for pool in caps}, caps


def with_matching(wishes, order, caps):
    from matching.games import HospitalResident

    sys.setrecursionlimit(10**6)
    game = HospitalResident.create_from_dictionaries(wishes, order, caps)
    solved = game.solve(optimal="resident")
    return {str(child): str(pool) for pool, children in solved.items() for child in children}


def with_algmatch(wishes, order, caps):
    from algmatch import HospitalResidentsProblem

    children = {child: at for at, child in enumerate(wishes, 1)}
    pools = {pool: at for at, pool in enumerate(order, 1)}
    problem = {
        "residents": {children[child]: [pools[pool] for pool in own] for child, own in wishes.items()},
        "hospitals": {
            pools[pool]: {"capacity": caps[pool], "preferences": [children[child] for child in own]}
            for pool, own in order.items()
        },
    }
    solved = HospitalResidentsProblem(dictionary=problem, optimised_side="residents").get_stable_matching()
    child_of, pool_of = list(wishes), list(order)
    pairs = solved["resident_sided"].items()
    return {child_of[int(str(c).strip("r")) - 1]: pool_of[int(str(p).strip("h")) - 1] for c, p in pairs if p}


def with_cp_sat(wishes, order, caps):
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    take = {(child, pool): model.new_bool_var("") for child, own in wishes.items() for pool in own}
    for child, own in wishes.items():
        model.add_at_most_one(take[child, pool] for pool in own)
    for pool, own in order.items():
        model.add(sum(take[child, pool] for child in own) <= caps[pool])
        for at, child in enumerate(own):
            better = wishes[child][: wishes[child].index(pool) + 1]
            if at < caps[pool]:
                model.add(sum(take[child, other] for other in better) >= 1)
                continue
            before = sum(take[other, pool] for other in own[:at])
            model.add(before + caps[pool] * sum(take[child, other] for other in better) >= caps[pool])
    unplaced = max(map(len, wishes.values()), default=0) + 1
    model.minimize(sum((at - unplaced) * take[child, pool] for child, own in wishes.items() for at, pool in enumerate(own)))
    solver = cp_model.CpSolver()
    assert solver.solve(model) == cp_model.OPTIMAL
    return {child: pool for (child, pool), taken in take.items() if solver.value(taken)}


def main():
    binary, path = sys.argv[1:]
    started = time.perf_counter()
    expected = ours(binary, path)
    print(f"kitaplatz   whole process {time.perf_counter() - started:8.3f} s")
    market, differ = lists(json.load(open(path))), []
    for name, solve in [("matching", with_matching), ("algmatch", with_algmatch), ("CP-SAT", with_cp_sat)]:
        started = time.perf_counter()
        try:
            placed = solve(*market)
        except ImportError:
            print(f"{name:11} is not installed")
            continue
        same = all(placed.get(child) == pool for child, pool in expected.items())
        if not same:
            differ.append(name)
        print(f"{name:11} in the process {time.perf_counter() - started:7.3f} s, {'same places' if same else 'OTHER PLACES'}")
    if differ:
        sys.exit(f"other places than ours: {', '.join(differ)}")


if __name__ == "__main__":
    main()
