"""Reads a graph of links with networkx, and prints its edges.

    graph.py <file.graphml or file.dot>

The answer is a JSON list of objects: `from` and `to` are the attributes of the nodes, `edge` those of the edge.
"""

import json
import sys

import networkx
import pydot


def of_graphml(path):
    return networkx.read_graphml(path, force_multigraph=True)


def of_dot(path):
    [graph] = pydot.graph_from_dot_file(path)
    return networkx.nx_pydot.from_pydot(graph)


def main():
    path = sys.argv[1]
    graph = of_graphml(path) if path.endswith(".graphml") else of_dot(path)
    edges = [
        {"from": graph.nodes[source], "to": graph.nodes[target], "edge": edge}
        for source, target, edge in graph.edges(data=True)
    ]
    json.dump(edges, sys.stdout)


if __name__ == "__main__":
    main()
