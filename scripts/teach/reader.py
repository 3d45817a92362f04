"""Teaches the urgent reader: `python scripts/teach/reader.py EXAMPLES.json OUT.npz` in an environment with torch, tokenizers and numpy.

MiniLM (six layers) with two heads on its mean vector: is it urgent, and which red flag. All layers change, the word vectors do not. Three
rounds over the examples, each time anew with slips of the keyboard, without punctuation, or between two everyday sentences. What is
written is the change of each matrix as a product of two thin ones in whole numbers (askfirst/nlu/urgent_reader.py says why).
Takes about 35 minutes on two cores. Nothing from tests/ is read.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import BertWordPieceTokenizer
from torch import nn
from torch.nn import functional

ROUNDS, BATCH, RATE, HEAD_RATE, DROPOUT = 3, 32, 6e-5, 1e-3, 0.1
# Of the change of a matrix so many directions are kept; docs/safety/second-stage.md has the cost.
RANK = 48
HEADS, WIDTH, LAYERS, PIECES = 12, 384, 6, 128
WHOLE = 32767
VOCABULARY = Path(__file__).resolve().parents[2] / "askfirst" / "nlu" / "vocab.txt"
# Messages up to so many words are chat that may stand around another.
CHAT_WORDS = 14


class Layer(nn.Module):
    """One layer of BERT, with the weights of `before`."""

    def __init__(self, before: dict[str, np.ndarray], number: int) -> None:
        super().__init__()
        prefix = f"inner.encoder.layer.{number}."

        def linear(name: str) -> nn.Linear:
            weight = torch.tensor(before[f"{prefix}{name}.weight"])
            made = nn.Linear(weight.shape[1], weight.shape[0])
            made.weight.data, made.bias.data = weight, torch.tensor(before[f"{prefix}{name}.bias"])
            return made

        self.query, self.key, self.value = (linear(f"attention.self.{name}") for name in ("query", "key", "value"))
        self.out, self.norm1 = linear("attention.output.dense"), norm(before, f"{prefix}attention.output.LayerNorm")
        self.up, self.down, self.norm2 = linear("intermediate.dense"), linear("output.dense"), norm(before, f"{prefix}output.LayerNorm")

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Args: x, (messages, pieces, 384); mask, (messages, 1, 1, pieces)."""
        count, length, _ = x.shape
        drop = DROPOUT if self.training else 0.0
        query, key, value = (part(x).view(count, length, HEADS, WIDTH // HEADS).transpose(1, 2) for part in (self.query, self.key, self.value))
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=drop)
        x = self.norm1(x + functional.dropout(self.out(seen.transpose(1, 2).reshape(count, length, WIDTH)), drop))
        return self.norm2(x + functional.dropout(self.down(functional.gelu(self.up(x))), drop))


class Model(nn.Module):
    """The encoder and its two heads."""

    def __init__(self, before: dict[str, np.ndarray], flags: int) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(torch.tensor(before["inner.embeddings.word_embeddings.weight"]), freeze=True)
        places = before["inner.embeddings.position_embeddings.weight"] + before["inner.embeddings.token_type_embeddings.weight"][0]
        self.places = nn.Embedding.from_pretrained(torch.tensor(places), freeze=True)
        self.norm = norm(before, "inner.embeddings.LayerNorm")
        self.layers = nn.ModuleList([Layer(before, number) for number in range(LAYERS)])
        self.find, self.name = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, flags)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-odds that each message is urgent, and of each red flag. Args: ids, mask, (messages, pieces)."""
        drop = DROPOUT if self.training else 0.0
        x = functional.dropout(self.norm(self.words(ids) + self.places(torch.arange(ids.shape[1]))[None]), drop)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :].bool())
        mean = functional.dropout((x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True), drop)
        return self.find(mean)[:, 0], self.name(mean)


def norm(before: dict[str, np.ndarray], name: str) -> nn.LayerNorm:
    """A normalisation with the weights of `before`."""
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data, made.bias.data = torch.tensor(before[f"{name}.weight"]), torch.tensor(before[f"{name}.bias"])
    return made


def slip(text: str, r: np.random.Generator) -> str:
    """A slip of the keyboard for each thirty letters or so."""
    letters = list(text)
    for _ in range(max(1, len(letters) // 30)):
        if not letters:
            break
        i, kind = int(r.integers(len(letters))), r.random()
        if kind < 0.3:
            letters.pop(i)
        elif kind < 0.6 and i + 1 < len(letters):
            letters[i], letters[i + 1] = letters[i + 1], letters[i]
        elif kind < 0.8:
            letters.insert(i, letters[i])
        elif letters[i] in ".,'?!":
            letters.pop(i)
    return "".join(letters)


def as_sent(text: str, chat: list[str], r: np.random.Generator) -> str:
    """A message as people send it: with chat around it, slips, or no punctuation, now and then."""
    if r.random() < 0.25:
        before = chat[int(r.integers(len(chat)))] if r.random() < 0.5 else ""
        after = chat[int(r.integers(len(chat)))] if r.random() < 0.8 else ""
        text = " ".join(p if p[-1:] in ".!?" else f"{p}." for p in (before, text, after) if p)
    if r.random() < 0.15:
        text = slip(text, r)
    return text.translate(str.maketrans("", "", "',.")) if r.random() < 0.1 else text


def teach(labels: dict[str, str], before: dict[str, np.ndarray], flags: list[str]) -> Model:
    """Train. Args: labels, text -> red flag or "calm"; before, the encoder's weights; flags, in the order of the naming head."""
    torch.manual_seed(0)
    random.seed(0)
    r = np.random.default_rng(0)
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    texts, kinds = list(labels), list(labels.values())
    chat = [t for t, kind in labels.items() if kind == "calm" and len(t.split()) <= CHAT_WORDS]
    model = Model(before, len(flags))
    heads = [*model.find.parameters(), *model.name.parameters()]
    own = {id(p) for p in heads}
    trained = [p for p in model.parameters() if p.requires_grad]
    rates = (RATE, HEAD_RATE)
    optimizer = torch.optim.AdamW([{"params": [p for p in trained if id(p) not in own]}, {"params": heads}], weight_decay=0.01)
    total, step, begun, loss_so_far = int(ROUNDS * len(texts) / BATCH), 0, time.time(), 0.0
    model.train()
    while step < total:
        order = r.permutation(len(texts))
        sent, kind_of = [as_sent(texts[i], chat, r) for i in order], [kinds[i] for i in order]
        for start in range(0, len(texts), BATCH * 50):
            # Messages of like length together: less padding.
            part = sorted(range(start, min(len(texts), start + BATCH * 50)), key=lambda j: len(sent[j]))
            batches = [part[k : k + BATCH] for k in range(0, len(part), BATCH)]
            random.shuffle(batches)
            for batch in batches:
                if step >= total:
                    break
                slope = min(1.0, step / (0.06 * total)) * max(0.02, 1 - step / total)
                for group, rate in zip(optimizer.param_groups, rates, strict=True):
                    group["lr"] = rate * slope
                pieces = [tokenizer.encode(sent[j]).ids[:PIECES] for j in batch]
                width = max(map(len, pieces))
                ids = torch.tensor([p + [0] * (width - len(p)) for p in pieces])
                mask = torch.tensor([[1.0] * len(p) + [0.0] * (width - len(p)) for p in pieces])
                urgent = torch.tensor([float(kind_of[j] != "calm") for j in batch])
                find, name = model(ids, mask)
                loss = functional.binary_cross_entropy_with_logits(find, urgent * 0.96 + 0.02)
                rows = [x for x, j in enumerate(batch) if kind_of[j] != "calm"]
                if rows:
                    wanted = torch.tensor([flags.index(kind_of[batch[x]]) for x in rows])
                    loss = loss + 0.5 * functional.cross_entropy(name[rows], wanted, label_smoothing=0.05) * len(rows) / len(batch)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(trained, 1.0)
                optimizer.step()
                loss_so_far = 0.98 * loss_so_far + 0.02 * float(loss)
                step += 1
                if step % 100 == 0:
                    print(f"{step} of {total} steps, {time.time() - begun:.0f} s, loss {loss_so_far:.3f}", file=sys.stderr, flush=True)
    return model.eval()


def changes(model: Model, before: dict[str, np.ndarray], flags: list[str]) -> dict[str, np.ndarray]:
    """What `urgent_reader.npz` holds."""
    names = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value", "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
    }
    after = {f"inner.embeddings.LayerNorm.{part}": getattr(model.norm, part) for part in ("weight", "bias")}
    for number, layer in enumerate(model.layers):
        for own, name in names.items():
            after |= {f"inner.encoder.layer.{number}.{name}.{part}": getattr(getattr(layer, own), part) for part in ("weight", "bias")}
    out: dict[str, np.ndarray] = {}
    for name, value in after.items():
        change = value.detach().numpy().astype(np.float64) - before[name].astype(np.float64)
        if change.ndim == 1:
            out[f"{name}.change"] = change.astype(np.float32)
            continue
        left, strength, right = np.linalg.svd(change, full_matrices=False)
        root = np.sqrt(strength[:RANK])
        left, right = left[:, :RANK] * root, root[:, None] * right[:RANK]
        scales = np.abs(left).max() / WHOLE, np.abs(right).max() / WHOLE
        out[f"{name}.left"], out[f"{name}.right"] = (np.round(part / scale).astype(np.int16) for part, scale in zip((left, right), scales, strict=True))
        out[f"{name}.scale"] = np.array(scales[0] * scales[1])
    for head in ("find", "name"):
        weight = getattr(model, head)
        out[head], out[f"{head}_bias"] = (p.detach().numpy().astype(np.float32) for p in (weight.weight.squeeze(0) if head == "find" else weight.weight, weight.bias))
    return out | {"flags": np.array(flags)}


def main() -> int:
    """Command line. Returns: 0."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    labels = json.loads(source.read_text(encoding="utf-8"))
    flags = sorted(set(labels.values()) - {"calm"})
    with np.load(source.with_suffix(".npz"), allow_pickle=False) as arrays:
        before = {name: arrays[name] for name in arrays.files}
    made = changes(teach(labels, before, flags), before, flags)
    draft = target.with_name(f".{target.name}")
    np.savez_compressed(draft, **made)
    draft.replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
