"""A stored ONNX model as one that can be asked."""

from __future__ import annotations

from typing import Any


def session_of(model: bytes) -> Any:
    """An onnxruntime session on the processor.

    It runs on one thread: readings run one a core, and more threads only get in each other's way.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, not written
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
