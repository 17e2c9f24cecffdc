"""The network as one quantised ONNX file, with the tokenizer and the configuration beside it."""

import json
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from training.net import PARTS, PLACES, WIDTH, Bundled
from training.states import ROW, SENTENCE_TOKENS, SUMMARY_TOKENS

INPUTS = ("ids", "segments", "positions", "places", "parts")
OUTPUTS = ("meanings", "salience")
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def export(net: Bundled, folder: Path, *, base: Path, name: str) -> Path:
    """Writes `folder`; `base` is the starting model's, whose tokenizer it keeps. Returns the ONNX file."""
    folder.mkdir(parents=True, exist_ok=True)
    net = net.eval()
    example = (
        torch.randint(1000, 20000, (2, 24)),
        torch.arange(24).div(8, rounding_mode="floor").repeat(2, 1) + torch.tensor([[1], [4]]),
        torch.arange(24).remainder(8).repeat(2, 1),
        torch.arange(6),
        torch.arange(6),
    )
    rows, length, sentences = (torch.export.Dim(n, min=1) for n in ("rows", "length", "sentences"))
    grid, line = {0: rows, 1: length}, {0: sentences}
    with tempfile.TemporaryDirectory() as scratch:
        plain, shaped = Path(scratch) / "plain.onnx", Path(scratch) / "shaped.onnx"
        torch.onnx.export(
            net,
            example,
            plain,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamo=True,
            dynamic_shapes=(grid, grid, grid, line, line),
            external_data=False,
            opset_version=20,
        )
        model = onnx.load(plain)
        # What shape inference wrote down is wrong for quantised weights, and onnxruntime infers it anew.
        del model.graph.value_info[:]
        onnx.save(model, shaped)
        target = folder / "model.onnx"
        quantize_dynamic(
            shaped,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=_quantised(model),
        )
    for file in _TOKENIZER:
        shutil.copyfile(base / file, folder / file)
    config = {
        "model_type": "bert",
        "name": name,
        "vocab_size": 30522,
        "hidden_size": WIDTH,
        "places": PLACES,
        "parts": PARTS,
        "row_tokens": ROW,
        "sentence_tokens": SENTENCE_TOKENS,
        "text_tokens": SUMMARY_TOKENS,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return target


def _quantised(model: onnx.ModelProto) -> list[str]:
    """The kinds of node whose weights become bytes: matrix products and the word table."""
    kinds = {node.op_type for node in model.graph.node}
    return sorted(kinds & {"MatMul", "Gemm", "Gather"})


def untrained_heads(count: int = 1) -> nn.ModuleList:
    """Salience heads with their first random weights."""
    from training.net import Salience

    return nn.ModuleList(Salience() for _ in range(count))
