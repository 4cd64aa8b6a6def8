"""Export the fine-tuned relation classifier to int8 ONNX for the wheel.

``python training/export_relation.py --model DIR --out src/dragoman/reading/models``: DIR is what ``relation.py`` wrote.
Prints the largest difference between the exported and the trained model's probabilities on the patterns.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
from pathlib import Path

import numpy as np
import torch
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from relation import CLASSES, Classifier, batch, examples
from transformers import AutoModel, AutoTokenizer


def main() -> None:
    """Export, quantise, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    root = next(p.parent for p in (arguments.model / "encoder").rglob("config.json"))
    tokenizer = AutoTokenizer.from_pretrained(arguments.model / "tokenizer")
    encoder = AutoModel.from_pretrained(root, add_pooling_layer=False, attn_implementation="eager")
    model = Classifier(encoder, encoder.config.hidden_size)
    model.load_state_dict(torch.load(arguments.model / "relation.pt"))
    model.eval()
    arguments.out.mkdir(parents=True, exist_ok=True)
    whole = arguments.model / "relation.fp32.onnx"
    sample = batch(
        tokenizer, ["[unused1] a [unused3] met [unused2] b [unused4] in the town .", "short [unused1] x [unused2]"]
    )
    torch.onnx.export(
        model,
        sample,
        whole,
        input_names=["ids", "mask", "at"],
        output_names=["logits"],
        opset_version=17,
        dynamic_axes={"ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}, "at": {0: "n"}, "logits": {0: "n"}},
        dynamo=False,
    )
    quantised = arguments.out / "relation.onnx"
    quantize_dynamic(whole, quantised, weight_type=QuantType.QInt8, per_channel=True)
    shutil.copy(arguments.model / "tokenizer" / "tokenizer.json", arguments.out / "relation.tokenizer.json")
    names = ("relation.onnx", "relation.tokenizer.json")
    sums = [f"{hashlib.sha256((arguments.out / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (arguments.out / "relation.sha256").write_text("".join(sums), encoding="ascii")
    texts = [t for t, _ in examples(Path(__file__).parent / "relation_examples.yml", 1, random.Random(1))][:120]
    session = InferenceSession(str(quantised), providers=["CPUExecutionProvider"])
    ids, mask, at = batch(tokenizer, texts)
    with torch.no_grad():
        trained = torch.softmax(model(ids, mask, at), -1).numpy()
    logits = session.run(None, {"ids": ids.numpy(), "mask": mask.numpy(), "at": at.numpy()})[0]
    exported = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    same = (trained.argmax(-1) == exported.argmax(-1)).mean()
    print(
        f"{len(CLASSES)} classes, {quantised.stat().st_size >> 20} MB, same class {same:.3f}, "
        f"largest difference {np.abs(trained - exported).max():.3f}"
    )


if __name__ == "__main__":
    main()
