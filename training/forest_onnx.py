"""Trained trees as ONNX, as ``dragoman.reading.attribution_forest`` asks them."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

Trees = HistGradientBoostingClassifier | HistGradientBoostingRegressor
_OPSETS = (("", 17), ("ai.onnx.ml", 3))
_IR_VERSION = 8


def stored(*models: Trees) -> bytes:
    """Sets of trees over the same inputs as one ONNX model, with an output each.

    Inputs, thresholds and answers of leaves are of double precision, so that the answers are those of the models.
    """
    nodes = [
        helper.make_node(
            "TreeEnsembleRegressor", ["inputs"], [f"answers_{place}"], domain="ai.onnx.ml", **_attributes(model)
        )
        for place, model in enumerate(models)
    ]
    inputs = helper.make_tensor_value_info("inputs", TensorProto.DOUBLE, [None, models[0].n_features_in_])
    outputs = [helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, [None, 1]) for node in nodes]
    graph = helper.make_graph(nodes, "trees", [inputs], outputs)
    opsets = [helper.make_opsetid(*one) for one in _OPSETS]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString(deterministic=True)


def write(out: Path, model: bytes) -> None:
    """Write a shipped model's one file, and its hash beside it, where the reader looks for it."""
    packed = zlib.compress(model, 9)
    out.write_bytes(packed)
    name = out.name.partition(".")[0]
    out.with_name(f"{name}.sha256").write_text(f"{hashlib.sha256(packed).hexdigest()}  {out.name}\n", encoding="ascii")


def _attributes(model: Trees) -> dict[str, object]:
    trees = [tree.nodes for (tree,) in model._predictors]
    nodes = np.concatenate(trees)
    tree_of = np.repeat(np.arange(len(trees)), [len(tree) for tree in trees])
    number_of = np.concatenate([np.arange(len(tree)) for tree in trees])
    leaf = nodes["is_leaf"].astype(bool)
    left, right, feature = (np.where(leaf, 0, nodes[name]) for name in ("left", "right", "feature_idx"))
    return {
        "nodes_treeids": tree_of.tolist(),
        "nodes_nodeids": number_of.tolist(),
        "nodes_featureids": feature.tolist(),
        "nodes_modes": ["LEAF" if one else "BRANCH_LEQ" for one in leaf],
        "nodes_truenodeids": left.tolist(),
        "nodes_falsenodeids": right.tolist(),
        "nodes_values_as_tensor": numpy_helper.from_array(np.where(leaf, 0.0, nodes["num_threshold"])),
        "target_treeids": tree_of[leaf].tolist(),
        "target_nodeids": number_of[leaf].tolist(),
        "target_ids": [0] * int(leaf.sum()),
        "target_weights_as_tensor": numpy_helper.from_array(nodes["value"][leaf].astype(np.float64)),
        "base_values_as_tensor": numpy_helper.from_array(np.ravel(model._baseline_prediction)[:1].astype(np.float64)),
        "n_targets": 1,
        "aggregate_function": "SUM",
        "post_transform": "NONE",
    }
